import type { SourceQueue } from "./source-queue.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** Which of its partitions a task takes the next record from: in the order of their timestamps (KIP-695). */
export class SourceChoice {
  readonly #queues: readonly SourceQueue[];
  readonly #environment: Pick<TaskEnvironment, "maxTaskIdleMs" | "clock">;
  /** Since when others have records while a partition may still get some; ms of the monotonic clock. */
  #waitsSince: number | undefined;

  constructor(queues: readonly SourceQueue[], environment: Pick<TaskEnvironment, "maxTaskIdleMs" | "clock">) {
    this.#queues = queues;
    this.#environment = environment;
  }

  /** Index of the queue whose head has the smallest timestamp; -1 when none has one, or another is waited for. */
  next(): number {
    const queues = this.#queues;
    let best = -1;
    let missing: SourceQueue | undefined;
    for (let at = 0; at < queues.length; at++) {
      const queue = queues[at] as SourceQueue;
      if (!queue.load()) missing = queue.isAtEnd && this.#environment.maxTaskIdleMs === 0 ? missing : queue;
      else if (best < 0 || queue.timestamp < (queues[best] as SourceQueue).timestamp) best = at;
    }
    if (missing === undefined || best < 0) {
      this.#waitsSince = undefined;
      return best;
    }
    return this.#mayOvertake() ? best : -1;
  }

  /**
   * Whether records may be taken although a partition has none: when all others have been fetched to their ends, and that
   * for `maxTaskIdleMs` (negative: at once, whatever is still to be fetched).
   */
  #mayOvertake(): boolean {
    const { maxTaskIdleMs, clock } = this.#environment;
    if (maxTaskIdleMs < 0) return true;
    // What is known to be there is waited for without end: it is on its way.
    if (this.#queues.some((queue) => !queue.isAtEnd && !queue.load())) {
      this.#waitsSince = undefined;
      return false;
    }
    this.#waitsSince ??= clock.monotonic();
    return clock.monotonic() - this.#waitsSince >= maxTaskIdleMs;
  }
}
