import type { Fetcher } from "../../transport/fetcher.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { Task } from "../task/task.ts";

/** The tasks that this process has opened, by their ids, until they are closed. */
export class HeldTasks {
  readonly #fetcher: Pick<Fetcher, "remove">;
  readonly #givenUp: (prepared: PreparedTask) => void;
  readonly #tasks = new Map<string, PreparedTask>();

  /** `givenUp`: is told of each that is held no more, to keep or to close what there is of its state. */
  constructor(fetcher: Pick<Fetcher, "remove">, givenUp: (prepared: PreparedTask) => void) {
    this.#fetcher = fetcher;
    this.#givenUp = givenUp;
  }

  get all(): ReadonlyMap<string, PreparedTask> {
    return this.#tasks;
  }

  add(started: PreparedTask): void {
    this.#tasks.set(started.task.taskId, started);
  }

  task(id: string): Task | undefined {
    return this.#tasks.get(id)?.task;
  }

  /** Those of the ids that are held. */
  tasks(ids: readonly string[]): readonly Task[] {
    return ids.flatMap((id) => this.task(id) ?? []);
  }

  /** What the task sends goes there from now on. */
  use(id: string, producer: RecordProducer | undefined): void {
    this.#tasks.get(id)?.output.use(producer);
  }

  /** None of them sends any more. */
  mute(): void {
    for (const { output } of this.#tasks.values()) output.use(undefined);
  }

  close(id: string): void {
    const started = this.#tasks.get(id);
    if (started === undefined) return;
    this.#tasks.delete(id);
    this.giveUp(started);
  }

  /** Also one that was started and never held. */
  giveUp(prepared: PreparedTask): void {
    for (const { topic, partition } of prepared.task.queues) this.#fetcher.remove(topic, partition);
    this.#givenUp(prepared);
  }
}
