import type { CachedRow } from "./cached-row.ts";
import { type Bound, SortedList } from "./sorted-list.ts";

/** Rows by key identity; those of a key in an order of their own. */
export class RowsByKey<K, V> {
  readonly #compare: (a: CachedRow<K, V>, b: CachedRow<K, V>) => number;
  readonly #keys = new Map<unknown, SortedList<CachedRow<K, V>>>();
  #size = 0;

  constructor(compare: (a: CachedRow<K, V>, b: CachedRow<K, V>) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  has(id: unknown): boolean {
    return this.#keys.has(id);
  }

  add(id: unknown, row: CachedRow<K, V>): void {
    let rows = this.#keys.get(id);
    if (rows === undefined) this.#keys.set(id, (rows = new SortedList(this.#compare)));
    if (rows.add(row)) this.#size++;
  }

  delete(id: unknown, row: CachedRow<K, V>): void {
    const rows = this.#keys.get(id);
    if (rows?.delete(row) !== true) return;
    this.#size--;
    if (rows.size === 0) this.#keys.delete(id);
  }

  *ascending(
    id: unknown,
    low?: Bound<CachedRow<K, V>>,
    high?: Bound<CachedRow<K, V>>,
  ): Generator<CachedRow<K, V>, void, undefined> {
    let rows = this.#keys.get(id);
    for (let from = low; rows !== undefined;) {
      let last: CachedRow<K, V> | undefined;
      for (const row of rows.ascending(from, high)) {
        last = row;
        yield row;
      }
      rows = this.#another(id, rows);
      const read = last;
      if (read !== undefined) from = (row) => (this.#compare(row, read) <= 0 ? -1 : 0);
    }
  }

  *descending(
    id: unknown,
    low?: Bound<CachedRow<K, V>>,
    high?: Bound<CachedRow<K, V>>,
  ): Generator<CachedRow<K, V>, void, undefined> {
    let rows = this.#keys.get(id);
    for (let to = high; rows !== undefined;) {
      let last: CachedRow<K, V> | undefined;
      for (const row of rows.descending(low, to)) {
        last = row;
        yield row;
      }
      rows = this.#another(id, rows);
      const read = last;
      if (read !== undefined) to = (row) => (this.#compare(row, read) >= 0 ? 1 : 0);
    }
  }

  /** All rows of a key may have left while they were read, and others have come. */
  #another(id: unknown, read: SortedList<CachedRow<K, V>>): SortedList<CachedRow<K, V>> | undefined {
    const rows = this.#keys.get(id);
    return rows === read ? undefined : rows;
  }
}
