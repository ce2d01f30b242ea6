import type { Clock } from "../../clock.ts";

interface ProcessTimer {
  handle: unknown;
  /** Undefined once it was cleared. */
  callback: (() => void) | undefined;
}

/**
 * The clock of one simulated process: time goes on for it as for all, but while it is frozen, or busy, nothing of it
 * runs, and once it is killed nothing ever does. What is in its event loop is to be scheduled through it: timers,
 * and the answers of brokers.
 */
export class SimulatedProcess implements Clock {
  readonly name: string;
  readonly #clock: Clock;
  #killed = false;
  /** Until when, in the monotonic time of the clock, nothing of it runs. */
  #busyUntil = 0;
  #skewMs = 0;
  /** What is due and has not run yet. */
  readonly #waiting: ProcessTimer[] = [];
  #thawing = false;

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  /** It was killed: nothing of it runs any more. */
  get killed(): boolean {
    return this.#killed;
  }

  now(): number {
    return Math.floor(this.#clock.now() + this.#aheadMs + this.#skewMs);
  }

  monotonic(): number {
    return this.#clock.monotonic() + this.#aheadMs;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer: ProcessTimer = { handle: undefined, callback };
    timer.handle = this.#clock.setTimeout(() => {
      if (timer.callback !== undefined) this.#due(timer);
    }, ms + this.#aheadMs);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    if (handle === undefined) return;
    const timer = handle as ProcessTimer;
    timer.callback = undefined;
    this.#clock.clearTimeout(timer.handle);
  }

  setImmediate(callback: () => void): void {
    this.#clock.setImmediate(() => this.#due({ handle: undefined, callback }));
  }

  /**
   * Runs what is due, or has it wait its turn: what came due while nothing ran comes first, in its order, as timers and
   * sockets come before the next turn in a real event loop.
   */
  #due(timer: ProcessTimer): void {
    this.#waiting.push(timer);
    this.#drain();
  }

  #drain(): void {
    while (this.#waiting.length > 0 && !this.#killed) {
      const wait = this.#aheadMs;
      if (wait > 0) {
        if (!this.#thawing)
          this.#clock.setTimeout(() => {
            this.#thawing = false;
            this.#drain();
          }, Math.ceil(wait));
        this.#thawing = true;
        return;
      }
      this.#waiting.shift()?.callback?.();
    }
  }

  random(): number {
    return this.#clock.random();
  }

  /** Kills it (SIGKILL): nothing of it runs any more, and what it has not sent yet is never sent. */
  kill(): void {
    this.#killed = true;
  }

  /**
   * Nothing of it runs for a while: it is stopped (SIGSTOP and SIGCONT), or what it computes takes that long, ms. Timers and
   * answers wait, and come all at once afterwards; its clock has gone on.
   */
  freeze(ms: number): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#clock.monotonic()) + ms;
  }

  /** Its wall clock is set, ms forward or backward. */
  setClock(byMs: number): void {
    this.#skewMs += byMs;
  }

  /** How far what it is doing now reaches into the time to come, ms. */
  get #aheadMs(): number {
    return Math.max(0, this.#busyUntil - this.#clock.monotonic());
  }
}
