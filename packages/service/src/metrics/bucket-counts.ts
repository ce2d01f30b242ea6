import type { HistogramValue } from "@millrace/streams";

/** A histogram for a service's own metrics: counts values by size. */
export class BucketCounts {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** `bounds`: the upper ends of the buckets, ascending, inclusive. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    const at = bucket < 0 ? this.#bounds.length : bucket;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  /** As metrics have it. */
  get value(): HistogramValue {
    const counts = [...this.#counts];
    return {
      bounds: this.#bounds,
      counts,
      count: counts.reduce((sum, one) => sum + one, 0),
      sum: this.#sum,
    };
  }
}
