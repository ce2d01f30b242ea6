import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonPackages } from "@millrace/devstack";
import type { Engine } from "./engine.ts";
import { hourlyArguments } from "./hourly-arguments.ts";
import { measuredUntil } from "./measured-until.ts";
import type { HourlyJob } from "./hourly-job.ts";
import { say } from "./say.ts";

const ofPython = (file: string): string => fileURLToPath(new URL(`../python/${file}`, import.meta.url));

/** Quix Streams 3.28.1 on Python 3.11: RocksDB, one process, a commit every 100 ms, defaults otherwise. */
export const quix: Engine<HourlyJob> = async (job, until) => {
  const { python, site } = await pythonPackages("quixstreams", ofPython("quix-requirements.txt"), say);
  const stateFolder = await mkdtemp(join(tmpdir(), "millrace-quix-"));
  try {
    return await measuredUntil(
      "env",
      [`PYTHONPATH=${site}`, python, ofPython("hourly_aggregation.py"), ...hourlyArguments(job, stateFolder)],
      until,
    );
  } finally {
    await rm(stateFolder, { recursive: true, force: true });
  }
};
