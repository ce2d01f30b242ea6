import type { CachedRow } from "./cached-row.ts";

/**
 * Which rows of a persistent store stay in memory: the oldest goes first, unless it changed since the last commit. Rows
 * that change often stay so.
 */
export class RowCache<K, V> {
  readonly #evict: (row: CachedRow<K, V>) => void;
  #rows: CachedRow<K, V>[] = [];
  #at = 0;

  /** `evict` is told of each row that goes. */
  constructor(evict: (row: CachedRow<K, V>) => void) {
    this.#evict = evict;
  }

  add(row: CachedRow<K, V>): void {
    this.#rows.push(row);
  }

  /** Makes room until `max` rows are left, or `looks` rows were looked at. `keeps` says which have to stay for now. */
  shrink(max: number, looks: number, keeps: (row: CachedRow<K, V>) => boolean): void {
    let over = this.#rows.length - this.#at - max;
    for (let left = Math.min(looks, this.#rows.length - this.#at); over > 0 && left > 0; left--) {
      const row = this.#rows[this.#at++] as CachedRow<K, V>;
      if (keeps(row)) this.#rows.push(row);
      else {
        over--;
        this.#evict(row);
      }
    }
    if (this.#at > this.#rows.length / 2) {
      this.#rows = this.#rows.slice(this.#at);
      this.#at = 0;
    }
  }
}
