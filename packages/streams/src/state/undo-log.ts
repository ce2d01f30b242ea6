import type { CachedRow, SavedRow } from "./cached-row.ts";

/** What the rows that one epoch flushed were before it: the first change of each. */
export class UndoLog<K, V> {
  readonly #rows: CachedRow<K, V>[] = [];
  readonly #saved: SavedRow<V>[] = [];
  /** The first `#indexed` entries by row, once somebody asked for one. */
  readonly #index = new Map<CachedRow<K, V>, SavedRow<V>>();
  #indexed = 0;

  add(row: CachedRow<K, V>, saved: SavedRow<V>): void {
    this.#rows.push(row);
    this.#saved.push(saved);
  }

  /** Newest first: a key that was deleted and came again has two rows. */
  *newestFirst(): Generator<readonly [row: CachedRow<K, V>, saved: SavedRow<V>], void> {
    for (let at = this.#rows.length - 1; at >= 0; at--)
      yield [this.#rows[at] as CachedRow<K, V>, this.#saved[at] as SavedRow<V>];
  }

  /** What a row was before the epoch; undefined where the epoch has not flushed it. */
  savedOf(row: CachedRow<K, V>): SavedRow<V> | undefined {
    for (; this.#indexed < this.#rows.length; this.#indexed++)
      this.#index.set(
        this.#rows[this.#indexed] as CachedRow<K, V>,
        this.#saved[this.#indexed] as SavedRow<V>,
      );
    return this.#index.get(row);
  }
}
