interface Reading {
  /** ms since the epoch */
  readonly at: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** Over so many readings a rate is taken: a burst shows at once, and is gone after them. */
const readings = 6;

/** How fast the counters of one process grow, a second. */
export class CounterRates {
  readonly #kept: Reading[] = [];

  /** Takes the counters as they are at a time. */
  add(at: number, counters: ReadonlyMap<string, number>): void {
    this.#kept.push({ at, counters });
    if (this.#kept.length > readings) this.#kept.shift();
  }

  /** Forgets everything: the process was not seen for a while, or is another one. */
  clear(): void {
    this.#kept.length = 0;
  }

  /** 0 before there are two readings. A counter that has become smaller began anew. */
  rate(counter: string): number {
    const first = this.#kept[0];
    const last = this.#kept.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    let grown = 0;
    let before = first.counters.get(counter) ?? 0;
    for (const { counters } of this.#kept.slice(1)) {
      const now = counters.get(counter) ?? 0;
      grown += now >= before ? now - before : now;
      before = now;
    }
    return grown / ((last.at - first.at) / 1_000);
  }
}
