import { type CachedRow, type CommittedRow, evicted } from "./cached-row.ts";
import { ExpiringStore, type Expires } from "./expiring-store.ts";
import {
  type KeyedRow,
  keyedRowKey,
  keyedRowsOf,
  readKeyedRowKey,
  readTimeIndexKey,
  timeIndexKey,
  timeIndexRange,
} from "./keyed-row-bytes.ts";
import { mergeInOrder } from "./merge-rows.ts";
import { RowsByKey } from "./rows-by-key.ts";
import { rowBytes } from "./row-bytes.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { WholeKeys } from "./whole-keys.ts";

const noValue = Buffer.alloc(0);

/** Where a row stands among those of its key: by time, then by rank. */
export interface RowPlace {
  readonly time: number;
  readonly rank: number;
}

/** What a key in the changelog says: where the record's own key ends, and its place. */
export interface ChangelogPlace extends RowPlace {
  readonly keyEnd: number;
}

/**
 * What session and join stores share: several rows of one key, found by key or by time; the oldest expire first. In memory
 * all of them are here; above a byte store those of the keys that were used lately, each key with all of its rows.
 */
export abstract class KeyedRowsStore<K, V> extends ExpiringStore<K, V, CachedRow<K, V>> {
  readonly #byKey: RowsByKey<K, V>;
  readonly #byTime: SortedList<CachedRow<K, V>>;
  readonly #whole = new WholeKeys((id) => this.#byKey.has(id));
  /** No row that is in the byte store alone has an earlier time. */
  #firstStored = 0;
  /** All rows up to here have expired, and been told so. */
  #expiredTo = -1;
  #restoring = false;

  constructor(definition: Expires<K, V>, hooks: StoreHooks) {
    super(definition, hooks, hooks.bytes);
    this.#byKey = new RowsByKey((a, b) => this.#compare(a, b));
    this.#byTime = new SortedList((a, b) => (a === b ? 0 : this.#compare(a, b) || this.byKeyOrder(a, b)));
    this.readObserved();
  }

  protected abstract placeOf(row: CachedRow<K, V>): RowPlace;
  protected abstract newRow(
    key: K,
    place: RowPlace,
    value: V | undefined,
    timestamp: number,
  ): CachedRow<K, V>;
  /** Key and place of a record of the changelog. */
  protected abstract readChangelogKey(records: ChangelogRecords): ChangelogPlace;

  approximateEntries(): number {
    // Below, each row is there twice, once by its time.
    return this.#byKey.size + Math.floor((this.bytes?.size ?? 0) / 2);
  }

  /** The rows of one key with times in `[from, to]`, by time and rank; also those that are deleted. */
  protected rowsOfKey(key: K, from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const id = this.identity(key);
    this.#load(key, id);
    const low = (row: CachedRow<K, V>): number => this.placeOf(row).time - from;
    const high = (row: CachedRow<K, V>): number => this.placeOf(row).time - to;
    const rows = reverse ? this.#byKey.descending(id, low, high) : this.#byKey.ascending(id, low, high);
    // Who reads on may have other keys loaded, and some of these leave the cache.
    return this.bytes === undefined ? rows : [...rows];
  }

  protected rowAt(key: K, place: RowPlace): CachedRow<K, V> | undefined {
    const id = this.identity(key);
    this.#load(key, id);
    return this.#cachedAt(id, place);
  }

  /** The rows of all keys with times in `[from, to]`, by time, rank and the bytes of the key; also those that are deleted. */
  protected rowsBetween(from: number, to: number): Iterable<CachedRow<K, V>> {
    const cached = this.#byTime.ascending(
      (row) => this.placeOf(row).time - from,
      (row) => this.placeOf(row).time - to,
    );
    if (this.bytes === undefined) return cached;
    return mergeInOrder(
      cached,
      this.#stored(Math.max(from, this.#expiredTo + 1), to),
      (a, b) => this.#compare(a, b) || this.byKeyOrder(a, b),
    );
  }

  /** The rows of a key at the last commit, as `rowsOfKey` orders them. */
  protected committedOfKey(
    key: K,
    from: number,
    to: number,
    reverse: boolean,
  ): Iterable<CachedRow<K, V> | CommittedRow<K, V>> {
    const inside = (row: CachedRow<K, V>): boolean => {
      const { time } = this.placeOf(row);
      return time >= from && time <= to;
    };
    if (this.bytes !== undefined) {
      const rows = this.#storedOfKey(key).filter(
        (row) => inside(row) && !this.isExpiredAtCommit(this.rowTime(row)),
      );
      return reverse ? rows.toReversed() : rows;
    }
    const order = reverse ? -1 : 1;
    const left = [...this.departed(this.identity(key))].filter(inside);
    return this.rowsAtCommit(
      this.rowsOfKey(key, from, to, reverse),
      left,
      (a, b) => order * this.#compare(a, b),
    );
  }

  /** The rows of all keys at the last commit, as `rowsBetween` orders them. */
  protected *committedBetween(from: number, to: number): Iterable<CachedRow<K, V> | CommittedRow<K, V>> {
    if (this.bytes !== undefined) {
      for (const row of this.#stored(from, to)) if (!this.isExpiredAtCommit(this.rowTime(row))) yield row;
      return;
    }
    const left = [...this.departed()].filter((row) => {
      const { time } = this.placeOf(row);
      return time >= from && time <= to;
    });
    yield* this.rowsAtCommit(
      this.rowsBetween(from, to),
      left,
      (a, b) => this.#compare(a, b) || this.byKeyOrder(a, b),
    );
  }

  #compare(a: CachedRow<K, V>, b: CachedRow<K, V>): number {
    const left = this.placeOf(a);
    const right = this.placeOf(b);
    return left.time - right.time || left.rank - right.rank;
  }

  #cachedAt(id: unknown, { time, rank }: RowPlace): CachedRow<K, V> | undefined {
    const place = (row: CachedRow<K, V>): number => {
      const at = this.placeOf(row);
      return at.time - time || at.rank - rank;
    };
    for (const row of this.#byKey.ascending(id, place, place)) return row;
    return undefined;
  }

  /** Has all rows of a key in memory. */
  #load(key: K, id: unknown): void {
    if (this.bytes === undefined || key === null || key === undefined || this.#whole.has(id)) return;
    this.makeRoom();
    for (const row of this.#storedOfKey(key)) {
      const place = this.placeOf(row);
      if (place.time <= this.#expiredTo || this.#cachedAt(id, place) !== undefined) continue;
      row.dirtyAt = -1;
      this.enter(row);
    }
    this.#whole.add(id);
  }

  #storedOfKey(key: K): CachedRow<K, V>[] {
    const rows: CachedRow<K, V>[] = [];
    const keyBytes = this.serializeKey(key);
    for (const [at, bytes] of this.bytes?.range(...keyedRowsOf(keyBytes), false) ?? [])
      rows.push(this.#fromStored(readKeyedRowKey(at), bytes, key));
    return rows;
  }

  *#stored(from: number, to: number): Iterable<CachedRow<K, V>> {
    for (const [at] of this.bytes?.range(...timeIndexRange(from, to), false) ?? []) {
      const place = readTimeIndexKey(at);
      const bytes = this.bytes?.get(keyedRowKey(place));
      if (bytes === undefined) continue;
      const source = Buffer.from(place.key);
      yield this.#fromStored(place, bytes, this.keySerde.deserialize(source, 0, source.length));
    }
  }

  #firstStoredAfter(time: number): number {
    for (const [at] of this.bytes?.range(...timeIndexRange(time + 1, Number.POSITIVE_INFINITY), false) ?? [])
      return readTimeIndexKey(at).time;
    return Number.POSITIVE_INFINITY;
  }

  #fromStored({ key: keyBytes, ...place }: KeyedRow, bytes: Uint8Array, key: K): CachedRow<K, V> {
    const { value, timestamp } = this.readRow(bytes);
    const row = this.newRow(key, place, value, timestamp);
    row.keyBytes = keyBytes;
    row.dirtyAt = evicted;
    return row;
  }

  #keyed(row: CachedRow<K, V>): KeyedRow {
    return { key: this.keyBytes(row), ...this.placeOf(row) };
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#byKey.add(this.identity(row.key), row);
    this.#byTime.add(row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#byKey.delete(this.identity(row.key), row);
    this.#byTime.delete(row);
  }

  protected override attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined {
    return this.#cachedAt(this.identity(row.key), this.placeOf(row));
  }

  protected override wentOut(row: CachedRow<K, V>): void {
    this.#whole.delete(this.identity(row.key));
    this.#firstStored = Math.min(this.#firstStored, this.placeOf(row).time);
  }

  protected override byteKey(row: CachedRow<K, V>): Uint8Array {
    return keyedRowKey(this.#keyed(row));
  }

  protected override keepRow(row: CachedRow<K, V>, value: Uint8Array | null, isNew: boolean): void {
    super.keepRow(row, value, isNew);
    if (value === null) this.keep(timeIndexKey(this.#keyed(row)), null);
    else if (isNew) this.keep(timeIndexKey(this.#keyed(row)), noValue);
  }

  protected override isExpiredRow(row: CachedRow<K, V>): boolean {
    return this.hooks.expireInChangelog && this.isExpired(this.placeOf(row).time);
  }

  protected override expire(oldest: number): void {
    // What is being restored is not in the byte store yet.
    if (oldest <= this.#expiredTo || this.#restoring) return;
    const stored =
      this.bytes !== undefined && this.#firstStored <= oldest
        ? [...this.#stored(this.#expiredTo + 1, oldest)]
        : [];
    const cached: CachedRow<K, V>[] = [];
    for (
      let row = this.#byTime.first;
      row !== undefined && this.placeOf(row).time <= oldest;
      row = this.#byTime.first
    ) {
      this.#byTime.shift();
      this.#byKey.delete(this.identity(row.key), row);
      cached.push(row);
    }
    this.#expiredTo = oldest;
    if (this.#firstStored <= oldest) this.#firstStored = this.#firstStoredAfter(oldest);
    const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number =>
      this.#compare(a, b) || this.byKeyOrder(a, b);
    for (const row of stored.length === 0 ? cached : mergeInOrder(cached, stored, compare)) this.leave(row);
  }

  protected override bringBack(row: CachedRow<K, V>): Iterable<undefined> {
    if (row.dirtyAt !== evicted) this.attach(row);
    this.wentOut(row);
    return [];
  }

  protected override *undo(): Generator<undefined, void> {
    this.#expiredTo = -1;
    yield* super.undo();
    this.#expiredTo = this.oldest;
  }

  protected override timeOf(row: CachedRow<K, V>): number {
    return this.placeOf(row).time;
  }

  protected override rowTime(row: CachedRow<K, V>): number {
    return this.placeOf(row).time;
  }

  protected override rowsOf(row: CachedRow<K, V>): Iterable<CachedRow<K, V>> {
    return [row];
  }

  protected override groupRows(row: CachedRow<K, V>, id: unknown): Iterable<CachedRow<K, V>> {
    return id === undefined || this.identity(row.key) === id ? [row] : [];
  }

  protected override sizeOf(): number {
    return 1;
  }

  override restore(records: ChangelogRecords, nextOffset: number): number {
    this.#restoring = this.bytes !== undefined;
    try {
      return super.restore(records, nextOffset);
    } finally {
      this.#restoring = false;
      this.expire(this.oldest);
    }
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, valueStart, valueEnd, timestamp } = records;
    const { keyEnd, time, rank } = this.readChangelogKey(records);
    const key = this.keySerde.deserialize(buffer, keyStart, keyEnd);
    const live = this.observeCommitted(time);
    const row = this.newRow(key, { time, rank }, undefined, timestamp);
    const id = live ? undefined : `${time} ${rank} ${this.orderOf(row)}`;
    const known = live ? this.attached(row) : this.leaving(id);
    const value = valueStart < 0 ? undefined : this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    if (this.bytes !== undefined) {
      this.keepRow(
        row,
        value === undefined ? null : rowBytes(buffer.subarray(valueStart, valueEnd), timestamp),
        true,
      );
      // Read from there when it is asked for.
      if (known !== undefined && live) this.detach(known);
      this.wentOut(row);
    }
    if (value === undefined) {
      if (known === undefined) return;
      if (live) this.detach(known);
      else this.hasLeft(id, known);
      return;
    }
    const to = known ?? row;
    to.value = value;
    to.timestamp = timestamp;
    if (known !== undefined) return;
    if (!live) {
      // The changelog should have lost it already, unless its deletion follows.
      if (this.hooks.expireInChangelog || this.bytes !== undefined) this.leave(row, id);
    } else if (this.bytes === undefined) this.attach(row);
  }
}
