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
    const rows = this.#keys.get(id);
    if (rows !== undefined) yield* rows.ascending(low, high);
  }

  *descending(
    id: unknown,
    low?: Bound<CachedRow<K, V>>,
    high?: Bound<CachedRow<K, V>>,
  ): Generator<CachedRow<K, V>, void, undefined> {
    const rows = this.#keys.get(id);
    if (rows !== undefined) yield* rows.descending(low, high);
  }
}
