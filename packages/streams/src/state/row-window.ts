import type { CachedRow } from "./cached-row.ts";
import { SortedList } from "./sorted-list.ts";

/** The rows of one window start, by key identity. */
export class RowWindow<K, V> {
  readonly start: number;
  /** All its rows are here: none is in a byte store alone. */
  complete = true;
  readonly rows: Map<unknown, CachedRow<K, V>> = new Map<unknown, CachedRow<K, V>>();
  readonly #orderOf: (row: CachedRow<K, V>) => string;
  /** Made by the first read in key order, and kept from then on. */
  #ordered: SortedList<CachedRow<K, V>> | undefined;

  constructor(start: number, orderOf: (row: CachedRow<K, V>) => string) {
    this.start = start;
    this.#orderOf = orderOf;
  }

  set(id: unknown, row: CachedRow<K, V>): void {
    this.rows.set(id, row);
    this.#ordered?.add(row);
  }

  delete(id: unknown): boolean {
    const row = this.rows.get(id);
    if (row === undefined) return false;
    this.rows.delete(id);
    this.#ordered?.delete(row);
    return true;
  }

  /** By the bytes of the key. */
  inOrder(): SortedList<CachedRow<K, V>> {
    if (this.#ordered === undefined) {
      const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number => {
        const left = this.#orderOf(a);
        const right = this.#orderOf(b);
        return left < right ? -1 : left > right ? 1 : 0;
      };
      this.#ordered = new SortedList(compare, [...this.rows.values()].toSorted(compare));
    }
    return this.#ordered;
  }
}
