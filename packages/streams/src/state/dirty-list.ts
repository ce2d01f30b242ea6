import type { CachedRow } from "./cached-row.ts";

/** Places that are left behind, as a multiple of the rows, before they are taken out; and how many at least. */
const emptiness = 8;
const emptyAtLeast = 4_096;

/** The budget is asked after this many rows. */
const rowsPerLook = 8;

/**
 * The rows changed since the last flush, in the order of their last change (as Kafka Streams' record cache flushes
 * them). They are drained in rounds: what becomes dirty meanwhile belongs to the next one.
 */
export class DirtyList<K, V> {
  #rows: (CachedRow<K, V> | undefined)[] = [];
  /** The round that is being drained: `[#at, #until)`. */
  #at = 0;
  #until = 0;
  #count = 0;

  get size(): number {
    return this.#count;
  }

  touch(row: CachedRow<K, V>): void {
    const rows = this.#rows;
    const at = row.dirtyAt;
    if (at >= 0) {
      if (at === rows.length - 1) return;
      rows[at] = undefined;
    } else {
      this.#count++;
    }
    row.dirtyAt = rows.length;
    rows.push(row);
    if (rows.length > emptyAtLeast && rows.length - this.#at > emptiness * this.#count) this.#compact();
  }

  /** Few keys that change often between two far commits would grow the list without bound. */
  #compact(): void {
    const rows: CachedRow<K, V>[] = [];
    let until = 0;
    for (let at = this.#at; at < this.#rows.length; at++) {
      const row = this.#rows[at];
      if (row === undefined) continue;
      if (at < this.#until) until++;
      row.dirtyAt = rows.length;
      rows.push(row);
    }
    this.#rows = rows;
    this.#at = 0;
    this.#until = until;
  }

  /**
   * Hands over the rows of a round, clean. True when the budget ended before the round did: the next call goes on with
   * it.
   */
  drain(visit: (row: CachedRow<K, V>) => void, budget?: () => boolean): boolean {
    if (this.#at >= this.#until) this.#until = this.#rows.length;
    let looked = 0;
    while (this.#at < this.#until) {
      const at = this.#at++;
      const row = this.#rows[at];
      if (row === undefined) continue;
      this.#rows[at] = undefined;
      this.#count--;
      row.dirtyAt = -1;
      visit(row);
      if (budget !== undefined && ++looked % rowsPerLook === 0 && this.#at < this.#until && !budget())
        return true;
    }
    if (this.#count === 0) {
      this.#rows = [];
      this.#at = 0;
      this.#until = 0;
    }
    return false;
  }

  /** Hands over all rows, each clean: nothing is to be flushed any more. */
  *clear(): Generator<CachedRow<K, V>, void> {
    const rows = this.#rows;
    this.#rows = [];
    this.#at = 0;
    this.#until = 0;
    this.#count = 0;
    for (const row of rows) {
      if (row === undefined) continue;
      row.dirtyAt = -1;
      yield row;
    }
  }
}
