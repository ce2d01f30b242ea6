import type { AsyncWork } from "../runtime/task/task-context.ts";

interface Job<T> {
  readonly run: () => Promise<T> | T;
  readonly done: (result: T) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Asynchronous jobs, in order per key, at most `concurrency` at once over all keys. Results are handed over as they
 * come. `undefined` as key: ordered with nothing.
 */
export class KeyedQueue<T> implements AsyncWork {
  readonly #concurrency: number;
  /** Jobs that wait for an earlier one of their key. */
  readonly #behind = new Map<unknown, Job<T>[]>();
  /** Jobs that wait only for a free place. */
  #ready: { readonly key: unknown; readonly job: Job<T> }[] = [];
  #nextReady = 0;
  #running = 0;
  #waiting = 0;

  constructor(concurrency: number) {
    if (!(concurrency >= 1)) throw new RangeError(`the concurrency must be 1 or more, not ${concurrency}`);
    this.#concurrency = concurrency;
  }

  get inFlight(): number {
    return this.#running + this.#waiting;
  }

  get full(): boolean {
    return this.inFlight >= 2 * this.#concurrency;
  }

  cancel(): void {
    this.#behind.clear();
    this.#ready = [];
    this.#nextReady = 0;
    this.#waiting = 0;
  }

  add(key: unknown, run: Job<T>["run"], done: Job<T>["done"], failed: Job<T>["failed"]): void {
    const job: Job<T> = { run, done, failed };
    const behind = key === undefined ? undefined : this.#behind.get(key);
    if (behind !== undefined) {
      behind.push(job);
      this.#waiting++;
      return;
    }
    if (key !== undefined) this.#behind.set(key, []);
    this.#waiting++;
    this.#ready.push({ key, job });
    this.#startReady();
  }

  #startReady(): void {
    while (this.#running < this.#concurrency) {
      const next = this.#ready[this.#nextReady];
      if (next === undefined) {
        this.#ready = [];
        this.#nextReady = 0;
        return;
      }
      this.#nextReady++;
      this.#waiting--;
      this.#running++;
      void this.#run(next.key, next.job);
    }
  }

  async #run(key: unknown, job: Job<T>): Promise<void> {
    let settle: () => void;
    try {
      const result = await job.run();
      settle = () => job.done(result);
    } catch (error) {
      settle = () => job.failed(error);
    }
    // The place is free before the result goes on: what it starts downstream may need it.
    this.#running--;
    this.#release(key);
    settle();
    this.#startReady();
  }

  #release(key: unknown): void {
    if (key === undefined) return;
    const job = this.#behind.get(key)?.shift();
    if (job === undefined) this.#behind.delete(key);
    else this.#ready.push({ key, job });
  }
}
