import type { Clock } from "@millrace/streams";

/** A clock that a test moves by hand. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as { readonly at: number; readonly callback: () => void });
  }

  setImmediate(callback: () => void): void {
    this.setTimeout(callback, 0);
  }

  random(): number {
    return 0.5;
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = [...this.#timers].filter(({ at }) => at <= this.#now);
    for (const timer of due) {
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
