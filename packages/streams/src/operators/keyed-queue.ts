import type { AsyncCall, AsyncWork } from "../runtime/task/task-context.ts";

interface Job<T> {
  /** What is told of it while it does not settle: when it began is filled in then. */
  readonly about: Omit<AsyncCall, "since">;
  readonly run: () => Promise<T> | T;
  readonly done: (result: T) => void;
  readonly failed: (error: unknown) => void;
}

/** A job in the queue. */
interface Entry<T> {
  readonly key: unknown;
  readonly job: Job<T>;
  /** Of a record that was read ahead, before which number of releases nothing may come of it. */
  readonly until: number;
}

/** Outcomes that may wait for their release, of as many calls as go on at once: a commit may wait long for one call. */
const mostKept = 8;

/**
 * Asynchronous jobs, in order per key, at most `concurrency` at once over all keys. Results are handed over as they
 * come; those of jobs that were added `ahead` wait until `release`. `undefined` as key: ordered with nothing.
 */
export class KeyedQueue<T> implements AsyncWork {
  readonly #concurrency: number;
  /** ms of a clock that never jumps. */
  readonly #now: () => number;
  /** Calls that are under way, the oldest first. */
  readonly #calls = new Set<AsyncCall>();
  /** Jobs that wait for an earlier one of their key. */
  readonly #behind = new Map<unknown, Entry<T>[]>();
  /** Jobs that wait only for a free place; those that a commit waits for go before those that were added ahead. */
  readonly #ready: Entry<T>[] = [];
  #readyAhead: Entry<T>[] = [];
  /** Outcomes that wait for their release, in the order in which they came. */
  #kept: (() => void)[] = [];
  #running = 0;
  #waiting = 0;
  /** Of all, the kept ones too, how many were added ahead. */
  #ahead = 0;
  #releases = 0;
  #abandoned = false;

  constructor(concurrency: number, now: () => number) {
    if (!(concurrency >= 1)) throw new RangeError(`the concurrency must be 1 or more, not ${concurrency}`);
    this.#concurrency = concurrency;
    this.#now = now;
  }

  get oldest(): AsyncCall | undefined {
    return this.#calls.values().next().value;
  }

  get inFlight(): number {
    return this.#running + this.#waiting + this.#kept.length;
  }

  get owed(): number {
    return this.#abandoned ? this.inFlight : this.inFlight - this.#ahead;
  }

  get full(): boolean {
    return (
      this.#running + this.#waiting >= 2 * this.#concurrency ||
      this.#kept.length >= mostKept * this.#concurrency
    );
  }

  get owedFull(): boolean {
    return this.owed >= 2 * this.#concurrency;
  }

  release(): void {
    this.#releases++;
    this.#ahead = 0;
    this.#ready.push(...this.#readyAhead);
    this.#readyAhead = [];
    const kept = this.#kept;
    this.#kept = [];
    for (const settle of kept) settle();
    this.#startReady();
  }

  abandonAhead(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    this.#kept = [];
    const stays = (entry: Entry<T>): boolean => !this.#isAhead(entry);
    let left = this.#ready.length;
    this.#readyAhead = [];
    for (const [key, behind] of this.#behind) {
      const waiting = behind.filter(stays);
      this.#behind.set(key, waiting);
      left += waiting.length;
    }
    this.#waiting = left;
  }

  cancel(): void {
    this.#behind.clear();
    this.#ready.length = 0;
    this.#readyAhead = [];
    this.#kept = [];
    this.#waiting = 0;
  }

  add(key: unknown, job: Job<T>, ahead = false): void {
    const entry: Entry<T> = { key, job, until: ahead ? this.#releases + 1 : 0 };
    if (ahead) this.#ahead++;
    this.#waiting++;
    const behind = key === undefined ? undefined : this.#behind.get(key);
    if (behind !== undefined) {
      behind.push(entry);
      return;
    }
    if (key !== undefined) this.#behind.set(key, []);
    this.#makeReady(entry);
    this.#startReady();
  }

  #isAhead({ until }: Entry<T>): boolean {
    return until > this.#releases;
  }

  #makeReady(entry: Entry<T>): void {
    (this.#isAhead(entry) ? this.#readyAhead : this.#ready).push(entry);
  }

  #startReady(): void {
    while (this.#running < this.#concurrency) {
      const next = this.#ready.shift() ?? this.#readyAhead.shift();
      if (next === undefined) return;
      this.#waiting--;
      this.#running++;
      void this.#run(next);
    }
  }

  async #run(entry: Entry<T>): Promise<void> {
    const { job, key } = entry;
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
    this.#next(key);
    if (!this.#isAhead(entry)) settle();
    else if (!this.#abandoned) this.#kept.push(settle);
    this.#startReady();
  }

  /** The job behind is free to go. */
  #next(key: unknown): void {
    if (key === undefined) return;
    const entry = this.#behind.get(key)?.shift();
    if (entry === undefined) this.#behind.delete(key);
    else this.#makeReady(entry);
  }
}
