import type { Fetcher } from "../../transport/fetcher.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { StartedTask } from "../task/task-starter.ts";
import type { Task } from "../task/task.ts";

/** The tasks that this process has opened, by their ids, until they are closed. */
export class HeldTasks {
  readonly #fetcher: Pick<Fetcher, "remove">;
  readonly #tasks = new Map<string, StartedTask>();

  constructor(fetcher: Pick<Fetcher, "remove">) {
    this.#fetcher = fetcher;
  }

  get all(): ReadonlyMap<string, StartedTask> {
    return this.#tasks;
  }

  add(started: StartedTask): void {
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
    started.output.use(undefined);
    this.closeTask(started.task);
  }

  /** Also of one that was started and never held. */
  closeTask(task: Task): void {
    task.close();
    for (const { topic, partition } of task.queues) this.#fetcher.remove(topic, partition);
  }
}
