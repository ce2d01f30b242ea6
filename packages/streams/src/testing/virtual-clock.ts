import type { Clock } from "../clock.ts";
import { seededRandom } from "./seeded-random.ts";
import { type HeapTimer, TimerHeap } from "./timer-heap.ts";

/** Where a virtual clock begins. */
export interface VirtualClockOptions {
  /** Of its chance; 1. */
  readonly seed?: number;
  /** Its wall clock at first, ms since the epoch; 2026-01-01T00:00:00Z. */
  readonly startTime?: number;
}

/** What a turn of the event loop takes, ms: who waits for turns instead of time gets on in time, too. */
const turnMs = 0.01;
/** Turns that are asked of the event loop at once: it looks for sockets only after all of them. */
const turnsAtOnce = 64;
/** Node's longest timer; a longer one, like one that is no number, fires after 1 ms there. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Time that passes only while `run`, `runFor` or `runUntil` is awaited, from timer to timer, however long the code
 * between them takes; and chance from a seed. What runs on it, and on nothing else, does the same for the same seed.
 *
 * Between two timers all microtasks are done: the event loop turns once, and nothing else of it is real.
 *
 * @example
 * const clock = new VirtualClock({ seed: 7 });
 * const app = createApp(counts, { transport: cluster.transport(), clock });
 * await clock.run(app.start());
 * await clock.runUntil(() => cluster.read(output).length === 3, 60_000);
 */
export class VirtualClock implements Clock {
  readonly #startTime: number;
  readonly #random: () => number;
  readonly #timers = new TimerHeap();
  #now = 0;
  #order = 0;
  #running = false;

  constructor({ seed = 1, startTime = Date.UTC(2026, 0, 1) }: VirtualClockOptions = {}) {
    this.#startTime = startTime;
    this.#random = seededRandom(seed);
  }

  now(): number {
    return this.#startTime + Math.floor(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    return this.#at(this.#now + (ms >= 1 && ms <= longestTimerMs ? Math.trunc(ms) : 1), callback);
  }

  clearTimeout(handle: unknown): void {
    if (handle !== undefined) (handle as HeapTimer).callback = undefined;
  }

  setImmediate(callback: () => void): void {
    this.#at(this.#now + turnMs, callback);
  }

  random(): number {
    return this.#random();
  }

  /** Lets time pass until the promise has settled, and answers as it does. Rejects when that takes longer than `withinMs`. */
  async run<T>(promise: Promise<T>, withinMs: number = Number.POSITIVE_INFINITY): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    if (!(await this.runUntil(() => settled, withinMs)))
      throw new Error(`what was run for has not come within ${withinMs} ms`);
    return promise;
  }

  /** Lets that much time pass, ms. */
  async runFor(ms: number): Promise<void> {
    await this.#drive(() => false, this.#now + ms);
  }

  /** Lets time pass until `done`, asked between timers; whether it came to that within `withinMs`. */
  runUntil(done: () => boolean, withinMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    return this.#drive(done, this.#now + withinMs);
  }

  #at(at: number, callback: () => void): HeapTimer {
    const timer: HeapTimer = { at, order: this.#order++, callback };
    this.#timers.push(timer);
    return timer;
  }

  #drive(done: () => boolean, until: number): Promise<boolean> {
    if (this.#running) return Promise.reject(new Error("the clock is being run already: await that first"));
    this.#running = true;
    return new Promise<boolean>((resolve, reject) => {
      let ended = false;
      let turns = 0;
      const end = (): void => {
        ended = true;
        this.#running = false;
      };
      const ask = (): void => {
        turns = turnsAtOnce;
        for (let turn = 0; turn < turnsAtOnce; turn++) setImmediate(take);
      };
      const take = (): void => {
        if (ended) return;
        try {
          const outcome = this.#step(done, until);
          if (outcome !== undefined) {
            end();
            resolve(outcome);
          } else if (--turns === 0) ask();
        } catch (error) {
          end();
          reject(error);
        }
      };
      ask();
    });
  }

  /** Goes on to the next timer; whether it came to an end, and then by what. */
  #step(done: () => boolean, until: number): boolean | undefined {
    if (done()) return true;
    const next = this.#timers.peek();
    if (next === undefined || next.at > until) {
      if (until < Number.POSITIVE_INFINITY) this.#now = Math.max(this.#now, until);
      return false;
    }
    this.#timers.pop();
    this.#now = Math.max(this.#now, next.at);
    const { callback } = next;
    next.callback = undefined;
    callback?.();
    return undefined;
  }
}
