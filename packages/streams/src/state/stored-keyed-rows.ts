import type { Serde } from "../serde.ts";
import type { ByteStore } from "./byte-store.ts";
import { type CachedRow, evicted } from "./cached-row.ts";
import {
  type KeyedRow,
  keyedRowKey,
  keyedRowsOf,
  readKeyedRowKey,
  readTimeIndexKey,
  type RowPlace,
  timeIndexKey,
  timeIndexRange,
} from "./keyed-row-bytes.ts";

interface Reads<K, V> {
  readonly key: Serde<K>;
  /** Throws where a key has no bytes. */
  readonly keyBytes: (key: K) => Uint8Array;
  readonly fromBytes: (key: K, place: RowPlace, bytes: Uint8Array) => CachedRow<K, V>;
}

/**
 * The rows of a store with several of one key that are in its byte store, as of its last commit: each stands there by its
 * key, and once more, without a value, by its time.
 */
export class StoredKeyedRows<K, V> {
  readonly #bytes: ByteStore;
  readonly #reads: Reads<K, V>;

  constructor(bytes: ByteStore, reads: Reads<K, V>) {
    this.#bytes = bytes;
    this.#reads = reads;
  }

  /** Those of one key, by time and rank. */
  ofKey(key: K): readonly CachedRow<K, V>[] {
    const range = this.#bytes.range(...keyedRowsOf(this.#reads.keyBytes(key)), false);
    return Array.from(range, ([at, bytes]) => this.#row(readKeyedRowKey(at), bytes, key));
  }

  /** Those of all keys with times in `[from, to]`, by time, rank and the bytes of the key; those that come after `last`. */
  *between(from: number, to: number, last?: KeyedRow): Iterable<CachedRow<K, V>> {
    const [begin, end] = timeIndexRange(from, to);
    const after = last === undefined ? begin : Buffer.concat([timeIndexKey(last), Buffer.of(0)]);
    for (const [at] of this.#bytes.range(after, end, false)) {
      const place = readTimeIndexKey(at);
      const bytes = this.#bytes.get(keyedRowKey(place));
      if (bytes === undefined) continue;
      const source = Buffer.from(place.key);
      yield this.#row(place, bytes, this.#reads.key.deserialize(source, 0, source.length));
    }
  }

  /** The earliest time after this one; infinity where there is none. */
  firstAfter(time: number): number {
    for (const [at] of this.#bytes.range(...timeIndexRange(time + 1, Number.POSITIVE_INFINITY), false))
      return readTimeIndexKey(at).time;
    return Number.POSITIVE_INFINITY;
  }

  #row({ key: keyBytes, ...place }: KeyedRow, bytes: Uint8Array, key: K): CachedRow<K, V> {
    const row = this.#reads.fromBytes(key, place, bytes);
    row.keyBytes = keyBytes;
    row.dirtyAt = evicted;
    return row;
  }
}
