import type { HistogramValue } from "./metric.ts";

/** Powers of two of a millisecond: finding the bucket of a duration is one instruction, not a search. */
const boundsOf = (buckets: number): readonly number[] =>
  Array.from({ length: buckets }, (_, exponent) => 2 ** exponent / 1_000);

/** Above this many ms the shift below would wrap. */
const mostMs = 2 ** 31;

/** Counts durations by size. */
export class Histogram {
  count = 0;
  sumMs = 0;
  /** The last one is for what is longer than all others take. */
  readonly #counts: number[];

  /** The buckets end at 1, 2, 4, ... 2^(buckets - 1) ms. */
  constructor(buckets: number) {
    this.#counts = Array.from({ length: buckets + 1 }, () => 0);
  }

  /** On the hot path: a few additions. */
  add(ms: number): void {
    this.count++;
    this.sumMs += ms;
    const counts = this.#counts;
    const last = counts.length - 1;
    const bucket = ms <= 1 ? 0 : ms >= mostMs ? last : 32 - Math.clz32(Math.ceil(ms) - 1);
    (counts[bucket < last ? bucket : last] as number)++;
  }

  /** In seconds. */
  get value(): HistogramValue {
    return {
      bounds: boundsOf(this.#counts.length - 1),
      counts: [...this.#counts],
      count: this.count,
      sum: this.sumMs / 1_000,
    };
  }
}

/** What several with the same buckets have counted together. */
export const summedHistograms = (values: readonly HistogramValue[]): HistogramValue => {
  const bounds = values[0]?.bounds ?? [];
  return {
    bounds,
    counts: Array.from({ length: bounds.length + 1 }, (_, at) =>
      values.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0),
    ),
    count: values.reduce((sum, { count }) => sum + count, 0),
    sum: values.reduce((sum, one) => sum + one.sum, 0),
  };
};
