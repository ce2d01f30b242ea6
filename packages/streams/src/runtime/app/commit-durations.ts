const boundsMs: readonly number[] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

/** How many commits took how long, in buckets; for a histogram. */
export class CommitDurations {
  /** Upper ends of the buckets, ascending, inclusive, ms; what took longer is in none of them. */
  readonly boundsMs: readonly number[] = boundsMs;
  readonly #counts: number[] = boundsMs.map(() => 0);
  #count = 0;
  #sumMs = 0;

  /** By bucket. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  add(ms: number): void {
    this.#count++;
    this.#sumMs += ms;
    const bucket = boundsMs.findIndex((bound) => ms <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }
}
