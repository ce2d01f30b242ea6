import type { Clock } from "./clock.ts";

/**
 * The clock of an application, or of a task, which forgets every timer when that has ended: none keeps the process from
 * ending, or tries something again.
 */
export class OwnTimers implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<unknown>();
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  setTimeout(callback: () => void, ms: number): unknown {
    if (this.#ended) return undefined;
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle);
    this.#clock.clearTimeout(handle);
  }

  setImmediate(callback: () => void): void {
    this.#clock.setImmediate(callback);
  }

  random(): number {
    return this.#clock.random();
  }

  /** Nobody waits for a timer any more. */
  end(): void {
    this.#ended = true;
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }
}
