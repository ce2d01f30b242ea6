import { parentPort, workerData } from "node:worker_threads";
import { runSchedule } from "./run-schedule.ts";
import { workloadNamed, workloadOf } from "./workloads.ts";

/** What a worker is given: its seeds are `first`, `first + step`, ... */
export interface WorkerTask {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly workload: string | undefined;
  /** It begins no further schedule after this, ms of `Date.now()`. */
  readonly until: number;
  /** It begins no further schedule after so many have failed. */
  readonly mostFailures: number;
}

/** What it tells of each schedule. */
export interface WorkerReport {
  readonly seed: number;
  readonly workload: string;
  readonly problems: readonly string[];
}

if (parentPort === null) throw new Error("worker.ts runs in a thread of its own");
// Errors are many here, and nobody looks at where they were made.
Error.stackTraceLimit = 0;
const { first, step, count, workload, until, mostFailures } = workerData as WorkerTask;
let failures = 0;
for (let index = 0; index < count && Date.now() < until && failures < mostFailures; index++) {
  const seed = first + index * step;
  const chosen = workload === undefined ? workloadOf(seed) : workloadNamed(workload);
  const escaped: string[] = [];
  const note = (error: unknown): void => {
    escaped.push(`an error that nobody caught: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on("unhandledRejection", note).on("uncaughtException", note);
  let problems: readonly string[];
  try {
    ({ problems } = await runSchedule({ seed, workload: chosen }));
  } catch (error) {
    problems = [error instanceof Error ? error.message : String(error)];
  }
  process.off("unhandledRejection", note).off("uncaughtException", note);
  problems = [...escaped, ...problems];
  if (problems.length > 0) failures++;
  const report: WorkerReport = { seed, workload: chosen.name, problems };
  parentPort.postMessage(report);
}
