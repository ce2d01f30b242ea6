import type { Clock } from "../../clock.ts";

/** A loop turns at least this often while the process runs; a longer gap is time it was frozen. ms. */
const longestTurn = 500;

/** Time, in ms, that the process has really been running: a pause of the machine or the process does not count. */
export class AwakeTime {
  readonly #clock: Clock;
  #last: number;
  #awake = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.monotonic();
  }

  /** Called once per turn of the loop. */
  tick(): number {
    const now = this.#clock.monotonic();
    this.#awake += Math.min(now - this.#last, longestTurn);
    this.#last = now;
    return this.#awake;
  }
}
