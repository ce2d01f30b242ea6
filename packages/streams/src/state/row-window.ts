import type { CachedRow } from "./cached-row.ts";
import { type SerializedRow, SerializedRows } from "./serialized-rows.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";

/** What a window asks of its store. */
export interface WindowReads<K, V> {
  /** Where a row stands in the order of keys. */
  readonly orderOf: (row: CachedRow<K, V>) => string;
  readonly identity: (key: K) => unknown;
  /** Throws where a key has no bytes. */
  readonly keyBytes: (key: K) => Uint8Array;
  /** Reads a row that was restored. */
  readonly read: (row: SerializedRow, start: number) => CachedRow<K, V>;
}

/** A window with so many rows leaves further ones that are restored as bytes: of few, the table of them would be larger. */
const fewRows = 64;

/** The rows of one window start, by key identity. */
export class RowWindow<K, V> {
  readonly start: number;
  /** All its rows are here: none is in a byte store alone. */
  complete = true;
  readonly #reads: WindowReads<K, V>;
  readonly #rows = new Map<unknown, CachedRow<K, V>>();
  /** Rows that were restored, and that nobody has asked for since. */
  #serialized: SerializedRows | undefined;
  /** Made by the first read in key order, and kept from then on. */
  #ordered: SortedList<CachedRow<K, V>> | undefined;

  constructor(start: number, reads: WindowReads<K, V>) {
    this.start = start;
    this.#reads = reads;
  }

  get size(): number {
    return this.#rows.size + (this.#serialized?.size ?? 0);
  }

  /** `id`: the key's identity. */
  get(id: unknown, key: K): CachedRow<K, V> | undefined {
    const row = this.#rows.get(id);
    return row !== undefined || this.#serialized === undefined ? row : this.#take(this.#serialized, id, key);
  }

  #take(serialized: SerializedRows, id: unknown, key: K): CachedRow<K, V> | undefined {
    if (key === null || key === undefined) return undefined;
    const row = serialized.take(this.#reads.keyBytes(key), this.#made);
    if (row !== undefined) this.#add(row);
    const another = serialized.sweep(this.#made);
    if (another !== undefined) this.#add(another);
    if (serialized.size === 0) this.#serialized = undefined;
    // Not every key that is written as these bytes is the one that is read from them.
    return this.#rows.get(id);
  }

  get #made(): (row: SerializedRow) => CachedRow<K, V> {
    return (row) => this.#reads.read(row, this.start);
  }

  #add(row: CachedRow<K, V>): void {
    this.set(this.#reads.identity(row.key), row);
  }

  set(id: unknown, row: CachedRow<K, V>): void {
    this.#rows.set(id, row);
    this.#ordered?.add(row);
  }

  delete(id: unknown): boolean {
    const row = this.#rows.get(id);
    if (row === undefined) return false;
    this.#rows.delete(id);
    this.#ordered?.delete(row);
    return true;
  }

  /**
   * Takes the row at which `records` stands, whose key ends at `keyEnd`, or its deletion, as bytes. False where it has to be
   * read: there are few rows, or its own has been read.
   */
  restore(id: unknown, records: ChangelogRecords, keyEnd: number): boolean {
    if (this.#ordered !== undefined || this.#rows.has(id)) return false;
    if (this.#serialized === undefined) {
      if (this.#rows.size < fewRows) return false;
      this.#serialized = new SerializedRows();
    }
    this.#serialized.put(records, keyEnd);
    return true;
  }

  /** A restore has ended, for now: what it read from is held no longer. */
  rest(): void {
    this.#serialized?.rest();
  }

  /** In no order; may be stopped after each. Also rows that come meanwhile. */
  *values(): Generator<CachedRow<K, V>, void> {
    const rows = this.#rows.values();
    for (;;) {
      // One is read for each that is answered: the iterator never comes to its end before all are there.
      this.#readAnother();
      const next = rows.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  #readAnother(): void {
    const row = this.#serialized?.takeAny(this.#made);
    if (row === undefined) this.#serialized = undefined;
    else this.#add(row);
  }

  /** By the bytes of the key. */
  inOrder(): SortedList<CachedRow<K, V>> {
    if (this.#ordered === undefined) {
      const { orderOf } = this.#reads;
      const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number => {
        const left = orderOf(a);
        const right = orderOf(b);
        return left < right ? -1 : left > right ? 1 : 0;
      };
      this.#ordered = new SortedList(compare, [...this.values()].toSorted(compare));
    }
    return this.#ordered;
  }
}
