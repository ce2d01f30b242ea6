import type { Clock } from "../../clock.ts";

interface ProcessTimer {
  handle: unknown;
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
    const timer: ProcessTimer = { handle: undefined };
    const fire = (): void => {
      if (this.#killed) return;
      const wait = this.#aheadMs;
      if (wait > 0) timer.handle = this.#clock.setTimeout(fire, Math.ceil(wait));
      else callback();
    };
    timer.handle = this.#clock.setTimeout(fire, ms + this.#aheadMs);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    if (handle !== undefined) this.#clock.clearTimeout((handle as ProcessTimer).handle);
  }

  setImmediate(callback: () => void): void {
    this.#clock.setImmediate(() => {
      if (this.#killed) return;
      const wait = this.#aheadMs;
      if (wait > 0) this.setTimeout(callback, 1);
      else callback();
    });
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
