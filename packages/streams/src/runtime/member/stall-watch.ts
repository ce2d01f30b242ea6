import type { AppSettings } from "../settings/app-options.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { AsyncCall } from "../task/task-context.ts";
import type { Task } from "../task/task.ts";

/** After this long what a task waits for is told in the log, ms; sooner where `maxStallMs` is short. */
const tellAfterMs = 10_000;

/** Tells of asynchronous work that does not settle: which record, which operator, since when. */
export class StallWatch {
  readonly #settings: AppSettings;
  readonly #metrics: AppMetrics;
  /** Since when the call was under way that was told of, by task. */
  readonly #told = new WeakMap<Task, number>();

  constructor(settings: AppSettings, metrics: AppMetrics) {
    this.#settings = settings;
    this.#metrics = metrics;
  }

  /** Whether something has been waited for longer than `maxStallMs`. */
  look(tasks: Iterable<Task>): boolean {
    const { clock, maxStallMs } = this.#settings;
    const now = clock.monotonic();
    let longest = 0;
    for (const task of tasks) {
      const call = task.oldestCall;
      if (call === undefined) continue;
      const ms = now - call.since;
      longest = Math.max(longest, ms);
      if (ms > Math.min(tellAfterMs, maxStallMs / 2)) this.#tell(task, call, ms);
    }
    this.#metrics.stalledMs = longest;
    return longest > maxStallMs;
  }

  #tell(task: Task, call: AsyncCall, ms: number): void {
    if (this.#told.get(task) === call.since) return;
    this.#told.set(task, call.since);
    this.#metrics.stalls++;
    const { operator, position } = call;
    const where =
      position === undefined
        ? "what a flush or a punctuation sent"
        : `${position.topic}-${position.partition} offset ${position.offset}`;
    const { maxStallMs, log } = this.#settings;
    log(
      "warn",
      `task ${task.taskId} has waited ${Math.round(ms)} ms for ${operator} on ${where}; after ${maxStallMs} ms this ` +
        "member gives its tasks up",
      { task: task.taskId, operator, waitedMs: Math.round(ms), ...position },
    );
  }
}
