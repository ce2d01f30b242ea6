import { messageOf } from "../../errors.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { Task } from "../task/task.ts";

/**
 * Asks the broker whether tasks that seem to be idle have read their partitions to the ends: what was fetched last may be
 * old, after a pause of any kind. Asked in the background, one question a task; the answer comes back through
 * `answered` in a turn of the loop, where the task may be another's already.
 */
export class IdleClose {
  readonly #settings: AppSettings;
  readonly #answered: (task: Task, ends: ReadonlyMap<string, number> | undefined) => void;
  readonly #asking = new Set<Task>();

  /** `ends`: by topic-partition; undefined where they could not be had. */
  constructor(
    settings: AppSettings,
    answered: (task: Task, ends: ReadonlyMap<string, number> | undefined) => void,
  ) {
    this.#settings = settings;
    this.#answered = answered;
  }

  /** `awake` is the time, ms, that this process has really been running. */
  look(tasks: Iterable<Task>, awake: number): void {
    for (const task of tasks)
      if (!this.#asking.has(task) && task.idle.isDue(awake)) {
        this.#asking.add(task);
        void this.#ask(task);
      }
  }

  async #ask(task: Task): Promise<void> {
    const { transport, guarantee, log } = this.#settings;
    const partitions = task.queues.map(({ topic, partition }) => ({ topic, partition }));
    let ends: ReadonlyMap<string, number> | undefined;
    try {
      const offsets = await transport.listOffsets(partitions, "latest", guarantee === "exactly_once");
      ends = new Map(
        offsets.map(({ partition: { topic, partition }, offset }) => [
          topicPartitionName(topic, partition),
          offset,
        ]),
      );
    } catch (error) {
      const { taskId } = task;
      const level = error instanceof TransportError && error.retriable ? "debug" : "warn";
      log(level, `whether task ${taskId} is idle could not be asked: ${messageOf(error)}`, { task: taskId });
    }
    this.#asking.delete(task);
    this.#answered(task, ends);
  }
}

/** Whether the task has processed all that its partitions hold. */
export const hasReadTo = (task: Task, ends: ReadonlyMap<string, number>): boolean =>
  task.pendingAsync === 0 &&
  task.queues.every(({ topic, partition, position }) => {
    const end = ends.get(topicPartitionName(topic, partition));
    return end !== undefined && position >= end;
  });
