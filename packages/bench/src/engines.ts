import { fileURLToPath } from "node:url";
import { bookingEventFile, hourlyTotalFile } from "./hourly-topics.ts";
import { withJvmProgram } from "./jvm-program.ts";
import { measuredUntil } from "./measured-until.ts";
import type { Job, Measurement } from "./measurement.ts";

const millraceMain = fileURLToPath(new URL("./hourly-millrace.js", import.meta.url));

/** Runs a job in a process of its own, until what it is waited for is there. */
export type Engine = (job: Job, until: (signal: AbortSignal) => Promise<void>) => Promise<Measurement>;

/** Compiled, as applications have it. `nodeOptions` go to the process, `--cpu-prof` for one. */
export const millrace =
  (nodeOptions: readonly string[]): Engine =>
  (job, until) =>
    measuredUntil(process.execPath, [...nodeOptions, millraceMain, JSON.stringify(job)], until);

/** JVM Kafka Streams 4.4.0: RocksDB, one stream thread, defaults otherwise. */
export const jvm =
  (onProgress: (line: string) => void): Engine =>
  (job, until) =>
    withJvmProgram("HourlyAggregation", onProgress, ({ classpath, stateFolder }) =>
      measuredUntil(
        "java",
        [
          "-cp",
          classpath,
          "HourlyAggregation",
          job.brokers,
          job.input,
          job.output,
          job.applicationId,
          String(job.records),
          job.guarantee,
          stateFolder,
          bookingEventFile,
          hourlyTotalFile,
        ],
        until,
      ),
    );
