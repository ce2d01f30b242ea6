import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bookingEventFile, hourlyTotalFile } from "./hourly-topics.ts";
import { withJvmProgram } from "./jvm-program.ts";
import type { Job, Measurement } from "./measurement.ts";

const run = promisify(execFile);
const millraceMain = fileURLToPath(new URL("./hourly-millrace.ts", import.meta.url));

/** Runs a job in a process of its own. */
export type Engine = (job: Job) => Promise<Measurement>;

const measured = async (command: string, args: readonly string[]): Promise<Measurement> => {
  const { stdout, stderr } = await run(command, args, { maxBuffer: 64 * 1024 * 1024 });
  if (stderr !== "") process.stderr.write(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Measurement;
};

/** `nodeOptions` go to the process, `--cpu-prof` for one. */
export const millrace =
  (nodeOptions: readonly string[]): Engine =>
  (job) =>
    measured(process.execPath, [
      "--conditions=@millrace/source",
      ...nodeOptions,
      millraceMain,
      JSON.stringify(job),
    ]);

/** JVM Kafka Streams 4.4.0: RocksDB, one stream thread, defaults otherwise. */
export const jvm =
  (onProgress: (line: string) => void): Engine =>
  (job) =>
    withJvmProgram("HourlyAggregation", onProgress, ({ classpath, stateFolder }) =>
      measured("java", [
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
      ]),
    );
