import type { Clock } from "../../clock.ts";

/** A clock that a test moves. Deadlines and pauses of asynchronous calls pass with it, in the order that they were set. */
export class DriverClock implements Clock {
  #now: number;
  #monotonic = 0;
  readonly #timers: { readonly at: number; callback: (() => void) | undefined }[] = [];

  /** `startTime`: ms since the epoch. */
  constructor(startTime: number) {
    this.#now = startTime;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  setTimeout(callback: () => void, ms: number): number {
    return this.#timers.push({ at: this.#monotonic + ms, callback });
  }

  clearTimeout(handle: unknown): void {
    const timer = this.#timers[(handle as number) - 1];
    if (timer !== undefined) timer.callback = undefined;
  }

  setImmediate(): never {
    throw new Error("tasks wait for no turns");
  }

  random(): number {
    return 0.5;
  }

  advance(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
    for (const timer of this.#timers)
      if (timer.at <= this.#monotonic) {
        const { callback } = timer;
        timer.callback = undefined;
        callback?.();
      }
  }
}
