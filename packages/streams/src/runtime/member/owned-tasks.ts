import type { Fetcher } from "../../transport/fetcher.ts";
import type { TaskStart } from "./task-starter.ts";
import type { Task } from "../task/task.ts";

/** The tasks that the group has given to this member: not started, starting, or active. */
export class OwnedTasks {
  readonly #fetcher: Fetcher;
  readonly #owned = new Set<string>();
  readonly #starting = new Map<string, TaskStart>();
  readonly #active = new Map<string, Task>();

  constructor(fetcher: Fetcher) {
    this.#fetcher = fetcher;
  }

  get active(): ReadonlyMap<string, Task> {
    return this.#active;
  }

  get starting(): ReadonlyMap<string, TaskStart> {
    return this.#starting;
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#owned.add(id);
  }

  /** Those that have to be started, which they are from now on. */
  begin(): readonly TaskStart[] {
    const starts = [...this.#owned]
      .filter((id) => !this.#starting.has(id) && !this.#active.has(id))
      .map((id): TaskStart => ({ id, abandoned: false }));
    for (const start of starts) this.#starting.set(start.id, start);
    return starts;
  }

  ready({ id }: TaskStart, task: Task): void {
    this.#starting.delete(id);
    this.#active.set(id, task);
  }

  /** Another's from now on. Those that are active go on until they are closed: they are still to be committed. */
  giveUp(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#owned.delete(id);
      this.#abandon(id);
    }
  }

  /** Closes an active task. What it did since its last commit is void. */
  close(id: string): void {
    const task = this.#active.get(id);
    if (task === undefined) return;
    this.#active.delete(id);
    task.close();
    for (const { reading } of task.queues) this.#fetcher.remove(reading.topic, reading.partition);
  }

  /** Closes whatever starts or is active. All stay owned. */
  closeAll(): void {
    for (const id of this.#starting.keys()) this.#abandon(id);
    for (const id of this.#active.keys()) this.close(id);
  }

  giveUpAll(): void {
    this.#owned.clear();
  }

  #abandon(id: string): void {
    const start = this.#starting.get(id);
    if (start !== undefined) start.abandoned = true;
    this.#starting.delete(id);
  }
}
