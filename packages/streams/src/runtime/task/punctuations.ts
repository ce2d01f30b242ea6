import type { Cancellable } from "./task-context.ts";

interface Schedule {
  next: number;
  readonly interval: number;
  readonly punctuate: (timestamp: number) => void;
  cancelled: boolean;
}

/** The punctuations of one task and kind of time (Kafka Streams' `PunctuationQueue`). */
export class Punctuations {
  readonly #schedules: Schedule[] = [];
  /** When the next one is due, ms of its kind of time. */
  #due = Number.POSITIVE_INFINITY;
  /** When it was asked last. */
  #asked = Number.NEGATIVE_INFINITY;

  /** `first`: 0 for stream time, so that it fires at multiples of the interval; now + interval for the wall clock. */
  add(first: number, interval: number, punctuate: (timestamp: number) => void): Cancellable {
    if (!(interval > 0))
      throw new RangeError(`a punctuation's interval must be more than 0 ms, not ${interval}`);
    const schedule: Schedule = { next: first, interval, punctuate, cancelled: false };
    this.#schedules.push(schedule);
    this.#due = Math.min(this.#due, first);
    return {
      cancel: () => {
        schedule.cancelled = true;
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
    for (;;) {
      const schedule = this.#earliest();
      if (schedule === undefined || schedule.next > time) break;
      const missed = Math.floor((time - schedule.next) / schedule.interval);
      schedule.next += (missed + 1) * schedule.interval;
      schedule.punctuate(time);
    }
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
      if (!schedule.cancelled && (earliest === undefined || schedule.next < earliest.next))
        earliest = schedule;
    return earliest;
  }
}
