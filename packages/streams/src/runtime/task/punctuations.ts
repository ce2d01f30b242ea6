import type { Cancellable } from "./task-context.ts";

interface Schedule {
  next: number;
  readonly interval: number;
  readonly punctuate: (timestamp: number) => void;
}

/** The punctuations of one task and kind of time (Kafka Streams' `PunctuationQueue`). */
export class Punctuations {
  readonly #schedules: Schedule[] = [];
  /** When the next one is due, ms of its kind of time. */
  #due = Number.POSITIVE_INFINITY;
  /** When it was asked last. */
  #asked = Number.NEGATIVE_INFINITY;
  #firing = false;

  /** `first`: 0 for stream time, so that it fires at multiples of the interval; now + interval for the wall clock. */
  add(first: number, interval: number, punctuate: (timestamp: number) => void): Cancellable {
    if (!(Number.isSafeInteger(interval) && interval > 0))
      throw new RangeError(
        `a punctuation's interval must be a whole number of ms, 1 or more, not ${interval}`,
      );
    // What a punctuation schedules begins after its time: one that schedules itself anew would never come to an end.
    const next = this.#firing && first <= this.#asked ? after(first, interval, this.#asked) : first;
    const schedule: Schedule = { next, interval, punctuate };
    this.#schedules.push(schedule);
    this.#due = Math.min(this.#due, next);
    return {
      cancel: () => {
        const at = this.#schedules.indexOf(schedule);
        if (at >= 0) this.#schedules.splice(at, 1);
      },
    };
  }

  get due(): number {
    return this.#due;
  }

  /** Fires what is due at `time`; a schedule that missed several intervals fires once. */
  fire(time: number): void {
    if (time < this.#asked) this.#setBack(time);
    this.#asked = time;
    if (time < this.#due) return;
    this.#firing = true;
    for (;;) {
      const schedule = this.#earliest();
      if (schedule === undefined || schedule.next > time) break;
      schedule.next = after(schedule.next, schedule.interval, time);
      schedule.punctuate(time);
    }
    this.#firing = false;
    this.#due = this.#earliest()?.next ?? Number.POSITIVE_INFINITY;
  }

  /** The clock was set back: nobody waits until it has come again to where it was. */
  #setBack(time: number): void {
    for (const schedule of this.#schedules) schedule.next = Math.min(schedule.next, time + schedule.interval);
    this.#due = this.#earliest()?.next ?? Number.POSITIVE_INFINITY;
  }

  #earliest(): Schedule | undefined {
    let earliest: Schedule | undefined;
    for (const schedule of this.#schedules)
      if (earliest === undefined || schedule.next < earliest.next) earliest = schedule;
    return earliest;
  }
}

/** The first of `next`, `next + interval`, ... that is later than `time`. */
const after = (next: number, interval: number, time: number): number =>
  next + (Math.floor((time - next) / interval) + 1) * interval;
