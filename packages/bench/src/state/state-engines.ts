import { fileURLToPath } from "node:url";
import type { StateJob } from "./state-job.ts";

/** How a program is begun. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** Begins a job in a process of its own. */
export type StateEngine = (job: StateJob) => Program;

const millraceMain = fileURLToPath(new URL("./state-millrace.js", import.meta.url));

/** LMDB in the job's folder. `nodeOptions` go to the process. */
export const millrace =
  (nodeOptions: readonly string[]): StateEngine =>
  (job) => ({
    command: process.execPath,
    args: [...nodeOptions, millraceMain, JSON.stringify(job)],
  });

/** JVM Kafka Streams 4.4.0: RocksDB in the job's folder, one stream thread, defaults otherwise. */
export const jvm =
  (classpath: string): StateEngine =>
  ({ brokers, input, applicationId, records, phase, stateFolder, standbys }) => ({
    command: "java",
    args: [
      "-cp",
      classpath,
      "KeptState",
      brokers,
      input,
      applicationId,
      String(records),
      phase,
      stateFolder ?? "memory",
      String(standbys),
    ],
  });
