import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { WorkerMessage, WorkerReport, WorkerTask } from "./worker.ts";

export interface ManyOptions {
  readonly first: number;
  readonly count: number;
  /** All of them, by seed, unless one is named. */
  readonly workload?: string;
  /** Processes that run them side by side; one for each processor. */
  readonly jobs?: number;
  /** No further schedule begins after this long, ms. */
  readonly withinMs?: number;
  /** No further schedule begins after so many have failed. */
  readonly mostFailures?: number;
  /** Told of each that failed, as it fails. */
  readonly failed?: (report: WorkerReport) => void;
  /** What a process runs: `worker.ts`. */
  readonly worker?: URL;
}

export interface ManyOutcome {
  readonly ran: number;
  /** Schedules in which something was excused. */
  readonly excused: number;
  /** By seed. */
  readonly failures: readonly WorkerReport[];
  /** Of processor time that the schedules took, ms. */
  readonly cpuMs: number;
}

/**
 * Runs schedules in processes of their own, on all processors. The schedule during which a process dies has failed, and
 * those that were left to it are run by another; rejects where a process can't even begin.
 */
export const runMany = async ({
  first,
  count,
  workload,
  jobs = availableParallelism(),
  withinMs = Number.POSITIVE_INFINITY,
  mostFailures = Number.POSITIVE_INFINITY,
  failed = () => undefined,
  worker = new URL("worker.ts", import.meta.url),
}: ManyOptions): Promise<ManyOutcome> => {
  const processes = Math.max(1, Math.min(jobs, count));
  const until = Date.now() + withinMs;
  const failures: WorkerReport[] = [];
  const enough = new AbortController();
  let ran = 0;
  let excused = 0;
  let cpuMs = 0;
  const take = (report: WorkerReport): void => {
    ran++;
    cpuMs += report.cpuMs;
    if (report.excused.length > 0) excused++;
    if (report.problems.length === 0) return;
    failures.push(report);
    failed(report);
    if (failures.length >= mostFailures) enough.abort();
  };
  const work = async (task: WorkerTask): Promise<void> => {
    for (let done = 0; done < task.count && Date.now() < until && !enough.signal.aborted;) {
      const rest = { ...task, first: task.first + done * task.step, count: task.count - done };
      const { reported, death } = await oneProcess(worker, rest, take, enough.signal);
      done += reported;
      // What comes of a process that has told of all its schedules is none of theirs.
      if (death === undefined || done >= task.count || enough.signal.aborted) return;
      const seed = task.first + done++ * task.step;
      take({ seed, workload: workload ?? "of its seed", problems: [death], excused: [], cpuMs: 0 });
    }
  };
  await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      work({
        first: first + index,
        step: processes,
        count: Math.ceil((count - index) / processes),
        workload,
        // JSON has no infinity.
        until: Math.min(until, Number.MAX_SAFE_INTEGER),
      }),
    ),
  );
  return { ran, excused, failures: failures.toSorted((a, b) => a.seed - b.seed), cpuMs };
};

/** How many schedules one process came to; and how it died, where it did not come to its end. */
const oneProcess = (
  worker: URL,
  task: WorkerTask,
  take: (report: WorkerReport) => void,
  enough: AbortSignal,
): Promise<{ readonly reported: number; readonly death: string | undefined }> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(worker), [JSON.stringify(task)], {
      execArgv: ["--conditions=@millrace/source", "--disable-warning=ExperimentalWarning"],
    });
    let reported = 0;
    let ready = false;
    const end = (): void => void child.kill("SIGKILL");
    enough.addEventListener("abort", end, { once: true });
    child.on("message", (message: WorkerMessage) => {
      if (message === "ready") ready = true;
      else if (!enough.aborted) {
        reported++;
        take(message);
      }
    });
    child.on("error", reject);
    // Not "exit": what it has said may still be on its way then.
    child.on("close", (code, signal) => {
      enough.removeEventListener("abort", end);
      const how = `the process died: ${signal ?? `exit code ${code}`}`;
      if (!ready && !enough.aborted) reject(new Error(`no schedule could begin: ${how}`));
      else resolve({ reported, death: code === 0 ? undefined : how });
    });
  });
