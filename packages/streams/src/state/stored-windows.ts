import type { Serde } from "../serde.ts";
import type { ByteStore } from "./byte-store.ts";
import { type CachedRow, evicted } from "./cached-row.ts";
import { readInt64, writeInt64 } from "./int64.ts";

interface Reads<K, V> {
  readonly key: Serde<K>;
  /** Throws where a key has no bytes. */
  readonly keyBytes: (key: K) => Uint8Array;
  readonly fromBytes: (key: K, start: number, bytes: Uint8Array) => CachedRow<K, V>;
  /** Whether a window had expired at the last commit. */
  readonly isExpired: (start: number) => boolean;
}

/** The rows of a window store that are in its byte store, as of its last commit: by `int64 start | key`. */
export class StoredWindows<K, V> {
  readonly #bytes: ByteStore;
  readonly #reads: Reads<K, V>;

  constructor(bytes: ByteStore, reads: Reads<K, V>) {
    this.#bytes = bytes;
    this.#reads = reads;
  }

  /** Start of the first window from `from` on. */
  firstStart(from: number): number | undefined {
    for (const [key] of this.#bytes.range(timeBytes(from), afterTimes, false))
      return readInt64(Buffer.from(key.buffer, key.byteOffset, key.length), 0);
    return undefined;
  }

  /** Rows of one window, in the order of their keys' bytes; those that come after the key `last`. */
  of(start: number, reverse: boolean, last?: Uint8Array): Iterable<CachedRow<K, V>> {
    const place = last && storedWindowKey(last, start);
    const from = place === undefined || reverse ? timeBytes(start) : Buffer.concat([place, Buffer.of(0)]);
    return this.#range(from, place !== undefined && reverse ? place : timeBytes(start + 1), reverse);
  }

  /** Rows of windows with a start in `[from, to]` that had not expired. */
  *between(from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const after = to < Number.MAX_SAFE_INTEGER ? timeBytes(Math.max(0, to + 1)) : afterTimes;
    for (const row of this.#range(timeBytes(Math.max(0, from)), after, reverse))
      if (!this.#reads.isExpired(row.start)) yield row;
  }

  /** The same of one key. */
  *ofKey(key: K, from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const { fromBytes, isExpired } = this.#reads;
    const keyBytes = this.#reads.keyBytes(key);
    const starts: number[] = [];
    for (let at = Math.max(0, from); ;) {
      const start = this.firstStart(at);
      if (start === undefined || start > to) break;
      if (!isExpired(start)) starts.push(start);
      at = start + 1;
    }
    for (const start of reverse ? starts.toReversed() : starts) {
      const bytes = this.#bytes.get(storedWindowKey(keyBytes, start));
      if (bytes !== undefined) yield fromBytes(key, start, bytes);
    }
  }

  *#range(from: Buffer, to: Buffer, reverse: boolean): Iterable<CachedRow<K, V>> {
    for (const [key, bytes] of this.#bytes.range(from, to, reverse)) {
      const source = Buffer.from(key.buffer, key.byteOffset, key.length);
      const start = readInt64(source, 0);
      const { key: serde, fromBytes } = this.#reads;
      const row = fromBytes(serde.deserialize(source, timeLength, source.length), start, bytes);
      row.keyBytes = source.subarray(timeLength);
      row.dirtyAt = evicted;
      yield row;
    }
  }
}

const timeLength = 8;
const afterTimes = Buffer.of(0x80);

const timeBytes = (time: number): Buffer => {
  const out = Buffer.allocUnsafe(timeLength);
  writeInt64(out, 0, time);
  return out;
};

/** `int64 start | key`: a window is read, and leaves, as one range. */
export const storedWindowKey = (key: Uint8Array, start: number): Buffer => {
  const out = Buffer.allocUnsafe(timeLength + key.length);
  writeInt64(out, 0, start);
  out.set(key, timeLength);
  return out;
};
