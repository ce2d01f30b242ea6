import { Histogram } from "./histogram.ts";

/** Extremes are those of the last one to two of these, ms: those of Kafka Streams are of two samples of 30 s, too. */
const windowMs = 30_000;

/** The longest that a bucket takes is 2^28 ms, three days: what is behind by more is all the same. */
const buckets = 29;

/** The least, the mean and the greatest of the last 30 to 60 seconds, ms. */
export interface RecentLatency {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly count: number;
}

/** How old records were by the wall clock when something became of them, by their timestamps (KIP-613). */
export class Latencies {
  readonly histogram: Histogram = new Histogram(buckets);
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #since = 0;
  #before = { min: Number.POSITIVE_INFINITY, max: 0, count: 0, sumMs: 0 };
  /** What the histogram had when the present window began. */
  #atStart = { count: 0, sumMs: 0 };

  /** On the hot path. A record from the future is not older than nothing. */
  add(ms: number): void {
    const age = ms > 0 ? ms : 0;
    this.histogram.add(age);
    if (age < this.#min) this.#min = age;
    if (age > this.#max) this.#max = age;
  }

  /** Begins another window where this one is old. Called with each slice of records, and before reading. */
  turn(now: number): void {
    if (now - this.#since < windowMs) return;
    const { count, sumMs } = this.histogram;
    this.#before =
      now - this.#since < 2 * windowMs
        ? {
            min: this.#min,
            max: this.#max,
            count: count - this.#atStart.count,
            sumMs: sumMs - this.#atStart.sumMs,
          }
        : { min: Number.POSITIVE_INFINITY, max: 0, count: 0, sumMs: 0 };
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
    this.#atStart = { count, sumMs };
    this.#since = now;
  }

  /** Undefined where there was nothing. */
  recent(now: number): RecentLatency | undefined {
    this.turn(now);
    const before = this.#before;
    const count = this.histogram.count - this.#atStart.count + before.count;
    if (count === 0) return undefined;
    const sumMs = this.histogram.sumMs - this.#atStart.sumMs + before.sumMs;
    return {
      min: Math.min(this.#min, before.min),
      avg: sumMs / count,
      max: Math.max(this.#max, before.max),
      count,
    };
  }
}
