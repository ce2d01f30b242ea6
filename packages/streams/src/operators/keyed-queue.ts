import type { AsyncCall, AsyncWork } from "../runtime/task/task-context.ts";

interface Job<T> {
  /** What is told of it while it does not settle: when it began is filled in then. */
  readonly about: Omit<AsyncCall, "since">;
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
  /** ms of a clock that never jumps. */
  readonly #now: () => number;
  /** Calls that are under way, the oldest first. */
  readonly #calls = new Set<AsyncCall>();
  /** Jobs that wait for an earlier one of their key. */
  readonly #behind = new Map<unknown, Job<T>[]>();
  /** Jobs that wait only for a free place. */
  #ready: { readonly key: unknown; readonly job: Job<T> }[] = [];
  #nextReady = 0;
  #running = 0;
  #waiting = 0;

  constructor(concurrency: number, now: () => number) {
    if (!(concurrency >= 1)) throw new RangeError(`the concurrency must be 1 or more, not ${concurrency}`);
    this.#concurrency = concurrency;
    this.#now = now;
  }

  get oldest(): AsyncCall | undefined {
    return this.#calls.values().next().value;
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

  add(key: unknown, job: Job<T>): void {
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
    const call: AsyncCall = { ...job.about, since: this.#now() };
    this.#calls.add(call);
    try {
      const result = await job.run();
      settle = () => job.done(result);
    } catch (error) {
      settle = () => job.failed(error);
    }
    this.#calls.delete(call);
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
