import { type CachedRow, type CommittedRow, evicted } from "./cached-row.ts";
import { ExpiringStore, type Expires } from "./expiring-store.ts";
import { type KeyedRow, keyedRowKey, type RowPlace, timeIndexKey } from "./keyed-row-bytes.ts";
import { mergeInOrder } from "./merge-rows.ts";
import { RowsByKey } from "./rows-by-key.ts";
import { rowBytes } from "./row-bytes.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { StoredKeyedRows } from "./stored-keyed-rows.ts";
import { WholeKeys } from "./whole-keys.ts";

const noValue = Buffer.alloc(0);
/** The budget of a flush is asked after this many expired rows. */
const rowsPerLook = 8;

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
  /** Of a persistent store: what is below. */
  readonly #stored: StoredKeyedRows<K, V> | undefined;
  readonly #whole = new WholeKeys((id) => this.#byKey.has(id));
  /** No row that is in the byte store alone has an earlier time. */
  #firstStored: number;
  /** All rows up to here have expired, and left. Later ones may have expired, too: nobody reads them, and a flush finds them. */
  #leftTo = -1;
  /** Of those in the byte store the last one that has left. */
  #lastLeft: KeyedRow | undefined;

  constructor(definition: Expires<K, V>, hooks: StoreHooks) {
    super(definition, hooks, hooks.bytes);
    this.#byKey = new RowsByKey((a, b) => this.#compare(a, b));
    this.#byTime = new SortedList((a, b) => (a === b ? 0 : this.#compare(a, b) || this.byKeyOrder(a, b)));
    this.#stored =
      this.bytes &&
      new StoredKeyedRows(this.bytes, {
        key: this.keySerde,
        keyBytes: (key) => this.serializeKey(key),
        fromBytes: (key, place, bytes) => {
          const { value, timestamp } = this.readRow(bytes);
          return this.newRow(key, place, value, timestamp);
        },
      });
    this.#firstStored = this.#firstStoredAfter(-1);
    this.readObserved();
  }

  protected abstract override rowTime(row: CachedRow<K, V>): number;
  /** Among the rows of a key that have one time. */
  protected abstract rankOf(row: CachedRow<K, V>): number;
  protected abstract newRow(
    key: K,
    place: RowPlace,
    value: V | undefined,
    timestamp: number,
  ): CachedRow<K, V>;
  /** Key and place of a record of the changelog. */
  protected abstract readChangelogKey(records: ChangelogRecords): ChangelogPlace;

  override get dirty(): boolean {
    return super.dirty || this.#hasExpired;
  }

  /** There are rows that have expired, and not left yet. */
  get #hasExpired(): boolean {
    const { oldest } = this;
    const first = this.#byTime.first;
    return this.#firstStored <= oldest || (first !== undefined && this.rowTime(first) <= oldest);
  }

  approximateEntries(): number {
    // Below, each row is there twice, once by its time.
    return this.#byKey.size + Math.floor((this.bytes?.size ?? 0) / 2);
  }

  /** The rows of one key with times in `[from, to]`, by time and rank; also those that are deleted. */
  protected rowsOfKey(key: K, from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const id = this.identity(key);
    this.#load(key, id);
    const first = Math.max(from, this.oldest + 1);
    const low = (row: CachedRow<K, V>): number => this.rowTime(row) - first;
    const high = (row: CachedRow<K, V>): number => this.rowTime(row) - to;
    const rows = reverse ? this.#byKey.descending(id, low, high) : this.#byKey.ascending(id, low, high);
    // Who reads on may have other keys loaded, and some of these leave the cache.
    return this.bytes === undefined ? rows : [...rows];
  }

  protected rowAt(key: K, place: RowPlace): CachedRow<K, V> | undefined {
    if (this.isExpired(place.time)) return undefined;
    const id = this.identity(key);
    this.#load(key, id);
    return this.#cachedAt(id, place);
  }

  /**
   * The rows of all keys with times in `[from, to]`, by time, rank and the bytes of the key; also those that are deleted. Those
   * that come after `last`, which is among them.
   */
  protected rowsBetween(from: number, to: number, last?: CachedRow<K, V>): Iterable<CachedRow<K, V>> {
    const first = Math.max(from, this.oldest + 1);
    const cached = this.#byTime.ascending(
      last === undefined
        ? (row) => this.rowTime(row) - first
        : (row) => ((this.#compare(row, last) || this.byKeyOrder(row, last)) <= 0 ? -1 : 0),
      (row) => this.rowTime(row) - to,
    );
    if (this.#stored === undefined) return cached;
    return mergeInOrder(
      cached,
      this.#stored.between(first, to, last && this.#keyed(last)),
      (a, b) => this.#compare(a, b) || this.byKeyOrder(a, b),
    );
  }

  /** What `show` makes of the rows of one key with times from `from` on, as `rowsOfKey` has them: for who may write meanwhile. */
  protected readKey<T>(
    key: K,
    from: number,
    reverse: boolean,
    show: (row: CachedRow<K, V>) => T | undefined,
  ): Iterable<T> {
    const order = reverse ? -1 : 1;
    const until = Number.POSITIVE_INFINITY;
    return this.read(
      (last) => {
        if (last === undefined) return this.rowsOfKey(key, from, until, reverse);
        const time = this.rowTime(last);
        const rows = reverse
          ? this.rowsOfKey(key, from, time, true)
          : this.rowsOfKey(key, Math.max(from, time), until, false);
        return rowsAfter(rows, (row) => order * this.#compare(row, last) > 0);
      },
      (row) => (this.isExpired(this.rowTime(row)) ? undefined : show(row)),
    );
  }

  /** The same of the rows of all keys, as `rowsBetween` has them. */
  protected readBetween<T>(
    from: number,
    to: number,
    show: (row: CachedRow<K, V>) => T | undefined,
  ): Iterable<T> {
    return this.read(
      (last) => this.rowsBetween(from, to, last),
      (row) => (this.isExpired(this.rowTime(row)) ? undefined : show(row)),
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
      const time = this.rowTime(row);
      return time >= from && time <= to;
    };
    if (this.#stored !== undefined) {
      const rows = this.#stored
        .ofKey(key)
        .filter((row) => inside(row) && !this.isExpiredAtCommit(this.rowTime(row)));
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
    if (this.#stored !== undefined) {
      for (const row of this.#stored.between(from, to))
        if (!this.isExpiredAtCommit(this.rowTime(row))) yield row;
      return;
    }
    const left = [...this.departed()].filter((row) => {
      const time = this.rowTime(row);
      return time >= from && time <= to;
    });
    yield* this.rowsAtCommit(
      this.rowsBetween(from, to),
      left,
      (a, b) => this.#compare(a, b) || this.byKeyOrder(a, b),
    );
  }

  #placeOf(row: CachedRow<K, V>): RowPlace {
    return { time: this.rowTime(row), rank: this.rankOf(row) };
  }

  #compare(a: CachedRow<K, V>, b: CachedRow<K, V>): number {
    return this.rowTime(a) - this.rowTime(b) || this.rankOf(a) - this.rankOf(b);
  }

  #cachedAt(id: unknown, { time, rank }: RowPlace): CachedRow<K, V> | undefined {
    const place = (row: CachedRow<K, V>): number => this.rowTime(row) - time || this.rankOf(row) - rank;
    for (const row of this.#byKey.ascending(id, place, place)) return row;
    return undefined;
  }

  /** Has all rows of a key in memory. */
  #load(key: K, id: unknown): void {
    if (this.#stored === undefined || key === null || key === undefined) return;
    if (this.#whole.has(id)) {
      if (this.#byKey.has(id)) this.lookups.hits++;
      return;
    }
    this.lookups.misses++;
    this.makeRoom();
    for (const row of this.#stored.ofKey(key)) {
      const place = this.#placeOf(row);
      if (this.isExpired(place.time) || this.#cachedAt(id, place) !== undefined) continue;
      row.dirtyAt = -1;
      this.enter(row);
    }
    this.#whole.add(id);
  }

  #firstStoredAfter(time: number): number {
    return this.#stored?.firstAfter(time) ?? Number.POSITIVE_INFINITY;
  }

  #keyed(row: CachedRow<K, V>): KeyedRow {
    return { key: this.keyBytes(row), ...this.#placeOf(row) };
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
    return this.#cachedAt(this.identity(row.key), this.#placeOf(row));
  }

  protected override wentOut(row: CachedRow<K, V>): void {
    this.#whole.delete(this.identity(row.key));
    this.#firstStored = Math.min(this.#firstStored, this.rowTime(row));
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
    return this.hooks.expireInChangelog && this.isExpired(this.rowTime(row));
  }

  protected override expire(): void {
    // However many they are: nobody reads them from now on, and they leave with the next flush.
  }

  override flush(budget?: () => boolean): boolean {
    return this.#leaveExpired(budget) || super.flush(budget);
  }

  /** Takes rows that have expired out of the indexes, the oldest first. True when the budget ended before it was done. */
  #leaveExpired(budget?: () => boolean): boolean {
    if (!this.#hasExpired) return false;
    const { oldest } = this;
    const below = this.#firstStored <= oldest ? this.#stored : undefined;
    const stored = (below?.between(this.#leftTo + 1, oldest, this.#lastLeft) ?? [])[Symbol.iterator]();
    let next = stored.next();
    for (let looked = 1; ; looked++) {
      const first = this.#byTime.first;
      const cached = first !== undefined && this.rowTime(first) <= oldest ? first : undefined;
      if (cached === undefined && next.done === true) break;
      // A row that is in both places is the one in memory.
      const order =
        cached === undefined
          ? 1
          : next.done === true
            ? -1
            : this.#compare(cached, next.value) || this.byKeyOrder(cached, next.value);
      if (cached !== undefined && order <= 0) {
        this.#byTime.shift();
        this.#byKey.delete(this.identity(cached.key), cached);
        this.leave(cached);
      }
      if (next.done !== true && order >= 0) {
        this.#lastLeft = this.#keyed(next.value);
        if (order > 0) this.leave(next.value);
        next = stored.next();
      }
      if (budget === undefined || looked % rowsPerLook !== 0 || budget()) continue;
      // It holds a snapshot of the byte store.
      stored.return?.();
      return true;
    }
    this.#leftTo = oldest;
    this.#lastLeft = undefined;
    if (this.#firstStored <= oldest) this.#firstStored = this.#firstStoredAfter(oldest);
    return false;
  }

  protected override *departed(id?: unknown): Iterable<CachedRow<K, V>> {
    yield* super.departed(id);
    const expired = (row: CachedRow<K, V>): number => (this.isExpired(this.rowTime(row)) ? 0 : 1);
    yield* id === undefined
      ? this.#byTime.ascending(undefined, expired)
      : this.#byKey.ascending(id, undefined, expired);
  }

  protected override bringBack(row: CachedRow<K, V>): Iterable<undefined> {
    if (row.dirtyAt !== evicted) this.attach(row);
    this.wentOut(row);
    return [];
  }

  protected override *undo(): Generator<undefined, void> {
    yield* super.undo();
    this.#forgetLeft();
  }

  /** Rows may be there again that had left, or had expired and were not loaded with others of their keys. */
  #forgetLeft(): void {
    this.#whole.clear();
    this.#leftTo = -1;
    this.#lastLeft = undefined;
    this.#firstStored = this.#firstStoredAfter(-1);
  }

  protected override timeOf(row: CachedRow<K, V>): number {
    return this.rowTime(row);
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
    const count = super.restore(records, nextOffset);
    this.#forgetLeft();
    return count;
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, valueStart, valueEnd, timestamp } = records;
    const { keyEnd, time, rank } = this.readChangelogKey(records);
    const key = this.keySerde.deserialize(buffer, keyStart, keyEnd);
    const live = this.observeCommitted(time);
    const row = this.newRow(key, { time, rank }, undefined, timestamp);
    const id = live ? undefined : `${time} ${rank} ${this.orderOf(row)}`;
    const attached = this.attached(row);
    const known = attached ?? (live ? undefined : this.leaving(id));
    const value = valueStart < 0 ? undefined : this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    if (this.bytes !== undefined) {
      this.keepRow(
        row,
        value === undefined ? null : rowBytes(buffer.subarray(valueStart, valueEnd), timestamp),
        true,
      );
      // Read from there when it is asked for.
      if (attached !== undefined) this.detach(attached);
      this.wentOut(row);
    }
    if (value === undefined) {
      if (known === undefined) return;
      if (known === attached) this.detach(known);
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

function* rowsAfter<T>(rows: Iterable<T>, isAfter: (row: T) => boolean): Iterable<T> {
  for (const row of rows) if (isAfter(row)) yield row;
}
