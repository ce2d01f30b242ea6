import { fileURLToPath } from "node:url";
import { withJvmProgram } from "../jvm-program.ts";
import type { Measurement } from "../measurement.ts";
import type { JoinsJob } from "./joins-job.ts";
import { measuredUntil } from "../measured-until.ts";

const millraceMain = fileURLToPath(new URL("./joins-millrace.js", import.meta.url));

/** Runs a job in a process of its own, until what it is waited for is there. */
export type JoinsEngine = (
  job: JoinsJob,
  until: (signal: AbortSignal) => Promise<void>,
) => Promise<Measurement>;

const millrace =
  (nodeOptions: readonly string[]): JoinsEngine =>
  (job, until) =>
    measuredUntil(process.execPath, [...nodeOptions, millraceMain, JSON.stringify(job)], until);

/** RocksDB, one stream thread, defaults otherwise. */
const jvm =
  (onProgress: (line: string) => void): JoinsEngine =>
  (job, until) =>
    withJvmProgram("Joins", onProgress, ({ classpath, stateFolder }) =>
      measuredUntil(
        "java",
        [
          "-cp",
          classpath,
          "Joins",
          job.workload,
          job.brokers,
          job.applicationId,
          job.left,
          job.right,
          job.output,
          String(job.windowMs),
          job.guarantee,
          String(job.records),
          stateFolder,
        ],
        until,
      ),
    );

/** The engine of that name; `nodeOptions` go to Millrace's process. */
export const joinsEngine = (
  name: string,
  nodeOptions: readonly string[],
  onProgress: (line: string) => void,
): JoinsEngine => {
  if (name === "millrace") return millrace(nodeOptions);
  if (name === "jvm") return jvm(onProgress);
  throw new Error(`--engines has "${name}"; it can have millrace and jvm`);
};
