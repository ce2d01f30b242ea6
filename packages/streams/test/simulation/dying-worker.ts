import type { WorkerMessage, WorkerTask } from "./worker.ts";

/**
 * Stands in for `worker.ts`: every schedule passes at once, but where its seed can be divided by four the process dies. Ends
 * with code 1, as a process does in which an application has failed that nobody waited for.
 */
const { first, step, count } = JSON.parse(process.argv[2] ?? "") as WorkerTask;
const tell = (message: WorkerMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
await tell("ready");
for (let index = 0; index < count; index++) {
  const seed = first + index * step;
  if (seed % 4 === 0) process.kill(process.pid, "SIGKILL");
  await tell({ seed, workload: "none", problems: [], excused: [], cpuMs: 1 });
}
process.disconnect();
process.exitCode = 1;
