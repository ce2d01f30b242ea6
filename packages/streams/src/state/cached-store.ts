import type { Serde } from "../serde.ts";
import { noHeaders } from "../record.ts";
import { valueScratch } from "../serdes/scratch.ts";
import { ByteCache } from "./byte-cache.ts";
import type { ByteStore } from "./byte-store.ts";
import { ChangelogReading, type NamedSerdes } from "./changelog-reading.ts";
import type { TableRow } from "../table-row.ts";
import { absent, CachedRow, type CommittedRow, evicted, type SavedRow } from "./cached-row.ts";
import { DirtyList } from "./dirty-list.ts";
import { EpochLog } from "./epoch-log.ts";
import { keyIdentity } from "./key-identity.ts";
import { mergeInOrder } from "./merge-rows.ts";
import { OpenReads } from "./open-reads.ts";
import { ValueGuard } from "./value-guard.ts";
import { refusedRow } from "./refused-row.ts";
import { compareText, latin1 } from "./text-order.ts";
import { rowBytes } from "./row-bytes.ts";
import { RowSizes } from "./row-sizes.ts";
import type { FlushListener, RowSource } from "./row.ts";
import type { ChangelogRecords, StateStore } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import type { StoreLookups } from "./store-lookups.ts";

/** The budget of a revert is asked after this many rows. */
const rowsPerLook = 8;

/**
 * What the stores of all shapes share: the rows that changed since the last flush and since the last commit, and the
 * way to the changelog and back. Where the rows are kept, and in which order, is the shape's.
 */
export abstract class CachedStore<K, V> implements StateStore, RowSource<K, V, CachedRow<K, V>> {
  readonly name: string;
  position = -1;
  restoredTime = -1;
  protected readonly hooks: StoreHooks;
  protected readonly keySerde: Serde<K>;
  protected readonly valueSerde: Serde<V>;
  protected readonly identity: (key: K) => unknown;
  readonly #check: ((value: V) => void) | undefined;
  readonly #writeThrough: boolean;
  /** Of the value's serde, which may be an object with methods. */
  readonly #deserialize: (source: Buffer, start: number, end: number) => V = (source, start, end) =>
    this.valueSerde.deserialize(source, start, end);
  readonly #tellsPassing: boolean;
  readonly #guard: ValueGuard<V>;
  readonly #dirty = new DirtyList<K, V>();
  readonly #listeners: FlushListener<K, V, CachedRow<K, V>>[] = [];
  readonly #epochs: EpochLog<K, V>;
  readonly #reads: OpenReads<K, V>;
  /** Bytes flushed since the last seal. */
  #flushedBytes = 0;
  readonly #sizes = new RowSizes();
  /** Below a persistent store; undefined in memory. */
  protected readonly bytes: ByteStore | undefined;
  readonly #cache: ByteCache<K, V> | undefined;
  /** A revert that has not come to its end. */
  #undoing: Iterator<undefined, void> | undefined;
  protected readonly changelog: ChangelogReading<K, V>;
  /** Counted above a byte store alone. */
  protected readonly lookups: StoreLookups;

  constructor({ name, key, value }: NamedSerdes<K, V>, hooks: StoreHooks, bytes?: ByteStore) {
    this.name = name;
    this.bytes = bytes;
    this.position = bytes?.position ?? -1;
    this.keySerde = key;
    this.valueSerde = value;
    this.identity = keyIdentity(key);
    this.changelog = new ChangelogReading({ name, key, value });
    this.#epochs = new EpochLog(name, this.identity);
    this.#reads = new OpenReads(this.identity, bytes && ((row) => this.attached(row)));
    this.#cache =
      bytes &&
      new ByteCache(bytes, {
        store: name,
        maxBytes: hooks.cacheBytes,
        rowBytes: () => this.rowBytes,
        isStored: (row) => row.dirtyAt < 0 && !this.#epochs.hasChanged(row) && !this.isHeld(row),
        evict: (row) => this.#evict(row),
      });
    this.hooks = hooks;
    this.lookups = hooks.lookups ?? { hits: 0, misses: 0 };
    this.#check = value.check;
    this.#writeThrough = hooks.writeThrough;
    this.#tellsPassing = hooks.tellsPassing ?? hooks.writeThrough;
    this.#guard = new ValueGuard(value, hooks.readsBack ?? false);
  }

  /** Puts a row where it is found; it may be there already. */
  protected abstract attach(row: CachedRow<K, V>): void;
  /** Takes a row away. */
  protected abstract detach(row: CachedRow<K, V>): void;
  /** Its key in the changelog; of use until the next one is asked for. */
  protected abstract changelogKey(row: CachedRow<K, V>): Uint8Array;
  /** Its value in the changelog; of use until the next one is asked for. */
  protected changelogValue(_row: CachedRow<K, V>, value: V): Uint8Array | null {
    return valueScratch.serialize(this.valueSerde, value);
  }
  /** The row that is attached in the place of this one. */
  protected abstract attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined;
  /** Its key in the byte store: in the order in which the store reads, and never empty. */
  protected abstract byteKey(row: CachedRow<K, V>): Uint8Array;
  /** Applies one record of the changelog. */
  protected abstract restoreRow(records: ChangelogRecords): void;
  abstract approximateEntries(): number;

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  get dirtyBytes(): number {
    const changed = this.#dirty.size * this.#sizes.changed;
    return this.#flushedBytes + changed + (this.#cache?.changedBytes ?? 0);
  }

  /** Estimate of what a row takes, in bytes. */
  protected get rowBytes(): number {
    return this.#sizes.row;
  }

  onFlush(listener: FlushListener<K, V, CachedRow<K, V>>): void {
    this.#listeners.push(listener);
  }

  clearListeners(): void {
    this.#listeners.length = 0;
  }

  /** Sets an attached row; undefined deletes it. The hot path of everything that keeps state. */
  protected change(row: CachedRow<K, V>, value: V | undefined, timestamp: number): void {
    if (this.#check !== undefined && value !== undefined && !this.#accepts(row.key, value, timestamp)) return;
    if (row.dirtyAt === evicted) {
      this.change(this.#again(row), value, timestamp);
      return;
    }
    this.#reads.changing(row, value);
    const headers = this.hooks.headers?.() ?? noHeaders;
    if (row.saved === undefined) row.saved = { value: row.value, timestamp: row.timestamp, headers };
    else if (row.saved.headers !== headers) row.saved = { ...row.saved, headers };
    row.value = value;
    row.timestamp = timestamp;
    this.#dirty.touch(row);
    if (this.#writeThrough) this.flush();
  }

  /**
   * The time of what an operator makes of a row. With the cache on, as on the JVM, a row goes with the time of the record
   * that deletes it, though its own may be greater.
   */
  protected timeOfChange(value: V | undefined, timestamp: number): number {
    return value === undefined && !this.#writeThrough ? this.hooks.timestamp() : timestamp;
  }

  /** Adds a row that is not there. */
  protected create(
    key: K,
    start: number,
    end: number,
    value: V | undefined,
    timestamp: number,
  ): CachedRow<K, V> | undefined {
    if (key === null || key === undefined) {
      this.hooks.refused(
        refusedRow(this.name, key, timestamp, new TypeError(`a store takes no ${String(key)} key`)),
      );
      return undefined;
    }
    if (!this.#acceptsKey(key, timestamp)) return undefined;
    if (this.#check !== undefined && value !== undefined && !this.#accepts(key, value, timestamp))
      return undefined;
    const row = new CachedRow<K, V>(key, start, end, undefined, timestamp);
    this.enter(row);
    const headers = this.hooks.headers?.() ?? noHeaders;
    this.#reads.changing(row, value);
    row.saved = headers === noHeaders ? absent : { ...absent, headers };
    row.value = value;
    this.#dirty.touch(row);
    if (this.#writeThrough) this.flush();
    return row;
  }

  /** Whether the serde would write the key: one that it would not is in no order, and in no changelog. */
  #acceptsKey(key: K, timestamp: number): boolean {
    try {
      this.keySerde.check?.(key);
      return true;
    } catch (error) {
      this.hooks.refused(refusedRow(this.name, key, timestamp, error));
      return false;
    }
  }

  /** Whether the serde would write the value, as far as that can be told at once. */
  #accepts(key: K, value: V, timestamp: number): boolean {
    try {
      this.#check?.(value);
      return true;
    } catch (error) {
      this.hooks.refused(refusedRow(this.name, key, timestamp, error));
      return false;
    }
  }

  /** For values that come from a caller who may not know that undefined is none. */
  protected refuseUndefined(key: K, timestamp: number): void {
    this.hooks.refused(
      refusedRow(
        this.name,
        key,
        timestamp,
        new TypeError("a store takes no undefined value; to delete a row, delete it"),
      ),
    );
  }

  /** A row as it was flushed last; undefined where there was none. */
  protected toldOf(row: CachedRow<K, V> | undefined): TableRow<V> | undefined {
    const shown = row?.saved ?? row;
    return shown === undefined || shown.value === undefined ? undefined : (shown as TableRow<V>);
  }

  /** A row as it was at the last commit; for rows of a store in memory. Undefined where it was not there. */
  protected rowAtCommit(row: CachedRow<K, V>): CommittedRow<K, V> | undefined {
    const { value, timestamp } = this.#epochs.atCommit(row);
    return value === undefined
      ? undefined
      : { key: row.key, start: row.start, end: row.end, value, timestamp };
  }

  /** Rows that have left a store in memory since the last commit, perhaps more than once; those of one key where `id` is given. */
  protected departed(id?: unknown, _key?: K): Iterable<CachedRow<K, V>> {
    return this.#epochs.departed(id);
  }

  /** `live` rows, which are in an order, and those that `left`, as they were at the last commit. */
  protected *rowsAtCommit(
    live: Iterable<CachedRow<K, V>>,
    left: Iterable<CachedRow<K, V>>,
    compare: (a: CachedRow<K, V>, b: CachedRow<K, V>) => number,
  ): Iterable<CommittedRow<K, V>> {
    const gone = [...new Set(left)].filter((row) => this.rowAtCommit(row) !== undefined).toSorted(compare);
    for (const row of gone.length === 0 ? live : mergeInOrder(gone, live, compare)) {
      const committed = this.rowAtCommit(row);
      if (committed !== undefined) yield committed;
    }
  }

  /** What `show` makes of the rows that there are in the order of `after`: see `OpenReads`. */
  protected read<T>(
    after: (row: CachedRow<K, V> | undefined) => Iterable<CachedRow<K, V>>,
    show: (row: CachedRow<K, V>) => T | undefined,
  ): Iterable<T> {
    return this.#reads.read(after, show);
  }

  flush(budget?: () => boolean): boolean {
    return this.#dirty.drain((row) => this.#flush(row), budget);
  }

  #flush(row: CachedRow<K, V>): void {
    const { value, saved } = row;
    if (saved === undefined) return;
    const old = saved.value;
    // A row that came and went between two flushes was never there; with the cache off the JVM tells of it all the same.
    const untold = value === undefined && old === undefined && !this.#tellsPassing;
    if (!untold && !this.#writeRow(row, saved)) return;
    if (this.#guard.isUp && value !== undefined) row.value = this.#guard.guarded(value);
    row.saved = undefined;
    if (this.#epochs.flushed(row, saved)) this.#flushedBytes += this.#sizes.saved(old !== undefined);
    // Above a byte store it hides what is there, until that is gone too.
    if (value === undefined && this.bytes === undefined) {
      this.detach(row);
      if (old !== undefined) this.#epochs.left(row);
    }
    if (untold) {
      this.passed(row);
      return;
    }
    for (const listener of this.#listeners) listener(row, old, saved.headers);
  }

  /** A row came and went between two flushes: neither the changelog nor anybody downstream was told. */
  protected passed(_row: CachedRow<K, V>): void {
    // Of interest to stores that are told something by the mere key.
  }

  /** False when the row was refused, and the handler left its change out: it is as it was flushed last. */
  #writeRow(row: CachedRow<K, V>, saved: SavedRow<V>): boolean {
    const { value } = row;
    const gone = value === undefined || this.isExpiredRow(row);
    if (gone && value !== undefined && saved.value === undefined && !this.#writeThrough) return true;
    // Without the cache, a tombstone has the time of the record that deleted the row.
    const timestamp = gone && this.#writeThrough ? this.hooks.timestamp() : row.timestamp;
    try {
      const bytes = gone ? null : this.changelogValue(row, value);
      if (this.#cache !== undefined) this.#cache.checkKey(this.byteKey(row));
      this.write(this.changelogKey(row), bytes, timestamp);
      if (this.#cache !== undefined)
        this.keepRow(row, bytes === null ? null : rowBytes(bytes, timestamp), saved.value === undefined);
      return true;
    } catch (error) {
      this.#putBack(row, saved);
      this.hooks.refused(refusedRow(this.name, row.key, timestamp, error));
      return false;
    }
  }

  /** A row of a window that has expired, where expired windows leave the changelog. */
  protected isExpiredRow(_row: CachedRow<K, V>): boolean {
    return false;
  }

  /** Whether changelogs are written as on the JVM with its cache off: what a store does not keep is in them all the same. */
  protected get writesAll(): boolean {
    return this.#writeThrough && !this.hooks.expireInChangelog;
  }

  /** Writes a row that the store does not keep. */
  protected writeUnkept(row: CachedRow<K, V>): void {
    const { key, value, timestamp } = row;
    try {
      this.write(
        this.changelogKey(row),
        value === undefined ? null : this.changelogValue(row, value),
        timestamp,
      );
    } catch (error) {
      this.hooks.refused(refusedRow(this.name, key, timestamp, error));
    }
  }

  protected write(key: Uint8Array, value: Uint8Array | null, timestamp: number): void {
    this.#flushedBytes += this.#sizes.count(key.length + (value === null ? 0 : value.length));
    this.hooks.write(key, value, timestamp);
  }

  /** A change that goes to the byte store with the commit. */
  protected keep(key: Uint8Array, value: Uint8Array | null): void {
    this.#cache?.keep(key, value);
  }

  /** The same for a row; null deletes it. `isNew`: the byte store may not have it yet. */
  protected keepRow(row: CachedRow<K, V>, value: Uint8Array | null, _isNew: boolean): void {
    this.keep(this.byteKey(row), value);
  }

  /** Keeps what the store has to know beside its rows: told before each write to the byte store. */
  protected keepMarks(): void {
    // Most know nothing else.
  }

  /** Reads a row from the byte store into the cache. */
  protected load(key: K, start: number, byteKey: Uint8Array): CachedRow<K, V> | undefined {
    this.lookups.misses++;
    this.makeRoom();
    const bytes = this.bytes?.get(byteKey);
    if (bytes === undefined) return undefined;
    const row = this.fromBytes(key, start, bytes);
    this.enter(row);
    return row;
  }

  /** Takes rows out of the cache of a persistent store where there are too many. */
  protected makeRoom(): void {
    this.#cache?.makeRoom();
  }

  /** A row that was read from the byte store is in memory. */
  protected enter(row: CachedRow<K, V>): void {
    this.attach(row);
    this.#cache?.add(row);
  }

  /** A row that has not changed, and is not in the byte store as it is. */
  protected isHeld(_row: CachedRow<K, V>): boolean {
    return false;
  }

  protected readRow(bytes: Uint8Array): { readonly value: V; readonly timestamp: number } {
    if (this.#cache === undefined) throw new Error(`store "${this.name}" is in memory`);
    this.#sizes.count(bytes.length);
    return this.#cache.read(bytes, this.#deserialize);
  }

  protected fromBytes(key: K, start: number, bytes: Uint8Array): CachedRow<K, V> {
    const { value, timestamp } = this.readRow(bytes);
    return new CachedRow<K, V>(key, start, 0, value, timestamp);
  }

  #evict(row: CachedRow<K, V>): void {
    this.#reads.moved();
    if (this.attached(row) === row) {
      this.detach(row);
      this.wentOut(row);
    }
    row.dirtyAt = evicted;
  }

  /** A row is in the byte store alone from now on. */
  protected wentOut(_row: CachedRow<K, V>): void {
    // Of interest to stores that know which of their rows are all in memory.
  }

  #again(row: CachedRow<K, V>): CachedRow<K, V> {
    const attached = this.attached(row);
    if (attached !== undefined && attached !== row) return attached;
    row.dirtyAt = -1;
    this.enter(row);
    return row;
  }

  seal(epoch: number): void {
    this.#epochs.seal(epoch);
    this.#flushedBytes = 0;
    if (this.#cache === undefined) return;
    this.keepMarks();
    this.#cache.seal();
  }

  committed(epoch: number, position: number | undefined): void {
    this.#epochs.commit(epoch);
    if (position !== undefined) this.position = position;
    this.#cache?.commit(this.position);
    this.#reads.committed();
  }

  revert(budget?: () => boolean): boolean {
    const undoing = (this.#undoing ??= this.undo());
    for (let looked = 1; undoing.next().done !== true; looked++)
      if (budget !== undefined && looked % rowsPerLook === 0 && !budget()) return true;
    this.#undoing = undefined;
    return false;
  }

  /** Does what `revert` says; may stop after each row. What was committed can be read in between. */
  protected *undo(): Generator<undefined, void> {
    for (const row of this.#dirty.clear()) {
      if (row.saved !== undefined) this.#putBack(row, row.saved);
      yield;
    }
    for (const [row, saved] of this.#epochs.revert()) {
      this.#putBack(row, saved);
      yield;
    }
    this.#flushedBytes = 0;
    this.#cache?.revert();
  }

  #putBack(row: CachedRow<K, V>, { value, timestamp }: SavedRow<V>): void {
    this.#reads.changing(row, value);
    row.value = value;
    row.timestamp = timestamp;
    row.saved = undefined;
    if (value === undefined) this.detach(row);
    else this.attach(row);
  }

  restore(records: ChangelogRecords, nextOffset: number): number {
    let count = 0;
    this.changelog.begin();
    try {
      while (records.advance()) {
        // No store writes one; but somebody's tool may have.
        if (records.keyStart < 0) continue;
        if (records.timestamp > this.restoredTime) this.restoredTime = records.timestamp;
        this.restoreRow(records);
        count++;
      }
    } catch (error) {
      throw this.changelog.unreadable(records.offset, error);
    }
    this.position = nextOffset;
    this.#reads.moved();
    if (this.#cache !== undefined) {
      this.keepMarks();
      this.#cache.restored(nextOffset);
    }
    return count;
  }

  /** Not kept: a million rows would hold a buffer each, which is more than the row itself. */
  protected keyBytes(row: CachedRow<K, V>): Uint8Array {
    return row.keyBytes ?? this.serializeKey(row.key);
  }

  /** Where a row stands in the order of keys. */
  protected orderOf(row: CachedRow<K, V>): string {
    return (row.order ??= latin1(this.keyBytes(row)));
  }

  /** Compares two rows by the bytes of their keys. */
  protected byKeyOrder(a: CachedRow<K, V>, b: CachedRow<K, V>): number {
    return compareText(this.orderOf(a), this.orderOf(b));
  }

  protected orderOfKey(key: K): string {
    return latin1(this.serializeKey(key));
  }

  protected serializeKey(key: K): Uint8Array {
    const bytes = this.keySerde.serialize(key);
    if (bytes === null) throw new TypeError("a store takes no null key");
    return bytes;
  }

  close(): void {
    this.clearListeners();
    this.bytes?.close();
  }
}
