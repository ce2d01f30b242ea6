import { runSchedule } from "./run-schedule.ts";
import { workloadNamed, workloadOf } from "./workloads.ts";

/** What a process is given, as JSON: its seeds are `first`, `first + step`, ... */
export interface WorkerTask {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly workload: string | undefined;
  /** It begins no further schedule after this, ms of `Date.now()`. */
  readonly until: number;
}

/** What it tells of each schedule. */
export interface WorkerReport {
  readonly seed: number;
  readonly workload: string;
  readonly problems: readonly string[];
  readonly excused: readonly string[];
  /** Of processor time that it took, ms. */
  readonly cpuMs: number;
}

/** First that its code was loaded. */
export type WorkerMessage = "ready" | WorkerReport;

const tell = (message: WorkerMessage): void => {
  if (process.send === undefined) throw new Error("worker.ts runs in a process of its own");
  process.send(message);
};

// Whoever asked is gone: nobody is there to be told.
const orphaned = (): never => process.exit(1);
process.on("disconnect", orphaned);
tell("ready");
// Errors are many here, and nobody looks at where they were made.
Error.stackTraceLimit = 0;
const { first, step, count, workload, until } = JSON.parse(process.argv[2] ?? "") as WorkerTask;
for (let index = 0; index < count && Date.now() < until; index++) {
  const seed = first + index * step;
  const chosen = workload === undefined ? workloadOf(seed) : workloadNamed(workload);
  const escaped: string[] = [];
  const note = (error: unknown): void => {
    escaped.push(`an error that nobody caught: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on("unhandledRejection", note).on("uncaughtException", note);
  const began = process.cpuUsage();
  let problems: readonly string[];
  let excused: readonly string[] = [];
  try {
    ({ problems, excused } = await runSchedule({ seed, workload: chosen }));
  } catch (error) {
    problems = [error instanceof Error ? error.message : String(error)];
  }
  const { user, system } = process.cpuUsage(began);
  process.off("unhandledRejection", note).off("uncaughtException", note);
  problems = [...escaped, ...problems];
  tell({ seed, workload: chosen.name, problems, excused, cpuMs: (user + system) / 1_000 });
}
process.off("disconnect", orphaned);
process.disconnect();
