import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { WorkerReport, WorkerTask } from "./worker.ts";

export interface ManyOptions {
  readonly first: number;
  readonly count: number;
  /** All of them, by seed, unless one is named. */
  readonly workload?: string;
  /** No further schedule begins after this long, ms. */
  readonly withinMs?: number;
  /** No further schedule begins after so many have failed. */
  readonly mostFailures?: number;
  /** Told of each that failed, as it fails. */
  readonly failed?: (report: WorkerReport) => void;
}

/** Runs schedules on all processors; answers how many ran, and which failed, by seed. */
export const runMany = async ({
  first,
  count,
  workload,
  withinMs = Number.POSITIVE_INFINITY,
  mostFailures = Number.POSITIVE_INFINITY,
  failed = () => undefined,
}: ManyOptions): Promise<{ readonly ran: number; readonly failures: readonly WorkerReport[] }> => {
  const threads = Math.max(1, Math.min(availableParallelism(), 8, count));
  const failures: WorkerReport[] = [];
  let ran = 0;
  const work = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const task: WorkerTask = {
        first: first + index,
        step: threads,
        count: Math.ceil((count - index) / threads),
        workload,
        until: Date.now() + withinMs,
        mostFailures,
      };
      const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: task });
      worker.on("message", (report: WorkerReport) => {
        ran++;
        if (report.problems.length === 0) return;
        failures.push(report);
        failed(report);
        if (failures.length >= mostFailures) void worker.terminate();
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve());
    });
  await Promise.all(Array.from({ length: threads }, (_, index) => work(index)));
  return { ran, failures: failures.toSorted((a, b) => a.seed - b.seed) };
};
