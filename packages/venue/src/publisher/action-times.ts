/** Above this many, bookings of the latest moment are forgotten: only a clock set back gets there. */
const mostRemembered = 10_000;

/**
 * Gives each action on a booking a time later than that of its last one. Two changes within one millisecond would
 * otherwise look like one that was sent twice, and the second would be lost on whoever counts.
 */
export class ActionTimes {
  readonly #now: () => number;
  readonly #last = new Map<string, number>();
  #latest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** ms since the epoch. */
  next(bookingId: string): number {
    const now = this.#now();
    // What was remembered is earlier than now: nothing can collide with it any more.
    if (now > this.#latest || this.#last.size >= mostRemembered) this.#last.clear();
    const at = Math.max(now, (this.#last.get(bookingId) ?? 0) + 1);
    this.#last.set(bookingId, at);
    this.#latest = Math.max(this.#latest, at);
    return at;
  }
}
