import { MillraceError, messageOf } from "../errors.ts";
import type { Serde } from "../serde.ts";
import type { ByteChange, ByteStore } from "./byte-store.ts";
import { noHeaders } from "../record.ts";
import type { TableRow } from "../table-view.ts";
import { absent, CachedRow, evicted, type SavedRow } from "./cached-row.ts";
import { DirtyList } from "./dirty-list.ts";
import { refusedRow } from "./refused-row.ts";
import { readRowBytes, rowBytes } from "./row-bytes.ts";
import { RowCache } from "./row-cache.ts";
import type { FlushListener, RowSource } from "./row.ts";
import type { ChangelogRecords, StateStore } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { UndoLog } from "./undo-log.ts";

/** What a row costs in memory beside its bytes, about. */
const rowOverhead = 100;
/** Bytes of a row, about, before one was written. */
const firstGuess = 50;

const defaultCacheBytes = 16 * 1024 * 1024;
/** Room is made in a persistent store's cache every so many rows that are loaded, looking at that many. */
const rowsPerShrink = 64;
const looksPerShrink = 256;

/** What a cached store keeps of its definition. */
interface Keeps<K, V> {
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
}

/**
 * What the stores of all shapes share: the rows that changed since the last flush and since the last commit, and the
 * way to the changelog and back. Where the rows are kept, and in which order, is the shape's.
 *
 * An era is the time between two seals or reverts: the first change of a row in it goes to the undo log.
 */
export abstract class CachedStore<K, V> implements StateStore, RowSource<K, V, CachedRow<K, V>> {
  readonly name: string;
  position = -1;
  restoredTime = -1;
  protected readonly hooks: StoreHooks;
  protected readonly keySerde: Serde<K>;
  protected readonly valueSerde: Serde<V>;
  readonly #check: ((value: V) => void) | undefined;
  readonly #writeThrough: boolean;
  readonly #dirty = new DirtyList<K, V>();
  readonly #listeners: FlushListener<K, V, CachedRow<K, V>>[] = [];
  #era = 0;
  #undo = new UndoLog<K, V>();
  #sealed: { readonly epoch: number; readonly undo: UndoLog<K, V> } | undefined;
  /** Bytes flushed since the last seal. */
  #flushedBytes = 0;
  #writtenBytes = 0;
  #writtenRows = 0;
  /** Below a persistent store; undefined in memory. */
  protected readonly bytes: ByteStore | undefined;
  readonly #cache: RowCache<K, V> | undefined;
  readonly #cacheBytes: number;
  #loads = 0;
  /** What was flushed, as it goes to the byte store with its commit. */
  #changes: ByteChange[] = [];
  #sealedChanges: ByteChange[] = [];
  /** Rows that changed in a later era than this are not in the byte store as they are. */
  #committedEra = -1;

  constructor({ name, key, value }: Keeps<K, V>, hooks: StoreHooks, bytes?: ByteStore) {
    this.name = name;
    this.bytes = bytes;
    this.position = bytes?.position ?? -1;
    this.#cache = bytes === undefined ? undefined : new RowCache((row) => this.#evict(row));
    this.#cacheBytes = hooks.cacheBytes ?? defaultCacheBytes;
    this.keySerde = key;
    this.valueSerde = value;
    this.hooks = hooks;
    this.#check = value.check;
    this.#writeThrough = hooks.writeThrough;
  }

  /** Puts a row where it is found; it may be there already. */
  protected abstract attach(row: CachedRow<K, V>): void;
  /** Takes a row away. */
  protected abstract detach(row: CachedRow<K, V>): void;
  /** Its key in the changelog. */
  protected abstract changelogKey(row: CachedRow<K, V>): Uint8Array;
  /** Its value in the changelog. */
  protected changelogValue(_row: CachedRow<K, V>, value: V): Uint8Array | null {
    return this.valueSerde.serialize(value);
  }
  /** The row that is attached in the place of this one. */
  protected abstract attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined;
  /** Its key in the byte store: in the order in which the store reads, and never empty. */
  protected byteKey(row: CachedRow<K, V>): Uint8Array {
    return this.changelogKey(row);
  }
  /** Applies one record of the changelog. */
  protected abstract restoreRow(records: ChangelogRecords): void;
  abstract approximateEntries(): number;

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  get dirtyBytes(): number {
    return this.#flushedBytes + this.#dirty.size * this.rowBytes;
  }

  /** Estimate of what a row takes, in bytes. */
  protected get rowBytes(): number {
    return rowOverhead + (this.#writtenRows === 0 ? firstGuess : this.#writtenBytes / this.#writtenRows);
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
    if (this.#check !== undefined && value !== undefined && !this.#accepts(key, value, timestamp))
      return undefined;
    const row = new CachedRow<K, V>(key, start, end, undefined, timestamp);
    this.attach(row);
    this.#cache?.add(row);
    const headers = this.hooks.headers?.() ?? noHeaders;
    row.saved = headers === noHeaders ? absent : { ...absent, headers };
    row.value = value;
    this.#dirty.touch(row);
    if (this.#writeThrough) this.flush();
    return row;
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

  flush(budget?: () => boolean): boolean {
    return this.#dirty.drain((row) => this.#flush(row), budget);
  }

  #flush(row: CachedRow<K, V>): void {
    const { value, saved } = row;
    if (saved === undefined) return;
    const old = saved.value;
    // A row that came and went between two flushes was never there; with the cache off the JVM tells of it all the same.
    const untold = value === undefined && old === undefined && !this.#writeThrough;
    if (!untold && !this.#writeRow(row, saved)) return;
    row.saved = undefined;
    if (row.era !== this.#era) {
      row.era = this.#era;
      this.#undo.add(row, saved);
    }
    // Above a byte store it hides what is there, until that is gone too.
    if (value === undefined && this.bytes === undefined) this.detach(row);
    if (untold) return;
    for (const listener of this.#listeners) listener(row, old, saved.headers);
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
      if (this.bytes === undefined) this.write(this.changelogKey(row), bytes, timestamp);
      else {
        const key = this.byteKey(row);
        if (key.length > this.bytes.maxKeyLength)
          throw new RangeError(
            `its key takes ${key.length} bytes where the state directory takes ${this.bytes.maxKeyLength}`,
          );
        this.write(this.changelogKey(row), bytes, timestamp);
        this.keep(key, bytes === null ? null : rowBytes(bytes, timestamp));
      }
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

  protected write(key: Uint8Array, value: Uint8Array | null, timestamp: number): void {
    const bytes = key.length + (value === null ? 0 : value.length);
    this.#writtenRows++;
    this.#writtenBytes += bytes;
    this.#flushedBytes += rowOverhead + bytes;
    this.hooks.write(key, value, timestamp);
  }

  /** A change that goes to the byte store with the commit. */
  protected keep(key: Uint8Array, value: Uint8Array | null): void {
    this.#changes.push({ key, value });
  }

  /** Reads a row from the byte store into the cache. */
  protected load(key: K, start: number, byteKey: Uint8Array): CachedRow<K, V> | undefined {
    const bytes = this.bytes?.get(byteKey);
    if (bytes === undefined) return undefined;
    const row = this.fromBytes(key, start, bytes);
    this.attach(row);
    this.#cache?.add(row);
    if (++this.#loads % rowsPerShrink === 0) this.#shrink(looksPerShrink, row);
    return row;
  }

  protected fromBytes(key: K, start: number, bytes: Uint8Array): CachedRow<K, V> {
    try {
      const { value, timestamp } = readRowBytes(bytes, this.valueSerde.deserialize);
      return new CachedRow<K, V>(key, start, 0, value, timestamp);
    } catch (error) {
      throw new MillraceError(
        `store "${this.name}" can't read a row of its state directory: ${messageOf(error)}; it was written with ` +
          "another serde: delete the directory, and the state is read from the changelog",
        { code: "RESTORE", cause: error },
      );
    }
  }

  /** `keep`: a row that is about to be used. */
  #shrink(looks: number, keep?: CachedRow<K, V>): void {
    this.#cache?.shrink(
      Math.floor(this.#cacheBytes / this.rowBytes),
      looks,
      (row) => row === keep || row.dirtyAt >= 0 || row.era > this.#committedEra,
    );
  }

  #evict(row: CachedRow<K, V>): void {
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
    this.attach(row);
    this.#cache?.add(row);
    return row;
  }

  seal(epoch: number): void {
    if (this.#sealed !== undefined)
      throw new Error(`store "${this.name}": epoch ${this.#sealed.epoch} is sealed, and not committed yet`);
    this.#sealed = { epoch, undo: this.#undo };
    this.#undo = new UndoLog();
    this.#era++;
    this.#flushedBytes = 0;
    this.#sealedChanges = this.#changes;
    this.#changes = [];
  }

  committed(epoch: number, position: number | undefined): void {
    if (this.#sealed?.epoch !== epoch) throw new Error(`store "${this.name}": epoch ${epoch} is not sealed`);
    this.#sealed = undefined;
    const moved = position !== undefined && position !== this.position;
    if (position !== undefined) this.position = position;
    if (this.bytes === undefined) return;
    if (moved || this.#sealedChanges.length > 0) this.#writeBytes(this.#sealedChanges);
    this.#sealedChanges = [];
    this.#committedEra = this.#era - 1;
    this.#shrink(Number.POSITIVE_INFINITY);
  }

  #writeBytes(changes: readonly ByteChange[]): void {
    // A failure is told by the task's state, which knows it for all stores; this one goes on in memory.
    this.bytes?.write(changes, this.position).catch(() => undefined);
  }

  revert(): void {
    this.#dirty.clear((row) => {
      if (row.saved !== undefined) this.#putBack(row, row.saved);
    });
    const putBack = (row: CachedRow<K, V>, saved: SavedRow<V>): void => this.#putBack(row, saved);
    this.#undo.undo(putBack);
    this.#sealed?.undo.undo(putBack);
    this.#undo = new UndoLog();
    this.#sealed = undefined;
    this.#era++;
    this.#flushedBytes = 0;
    this.#changes = [];
    this.#sealedChanges = [];
  }

  #putBack(row: CachedRow<K, V>, { value, timestamp }: SavedRow<V>): void {
    row.value = value;
    row.timestamp = timestamp;
    row.saved = undefined;
    if (value === undefined) this.detach(row);
    else this.attach(row);
  }

  restore(records: ChangelogRecords, nextOffset: number): number {
    let count = 0;
    try {
      while (records.advance()) {
        // No store writes one; but somebody's tool may have.
        if (records.keyStart < 0) continue;
        if (records.timestamp > this.restoredTime) this.restoredTime = records.timestamp;
        this.restoreRow(records);
        count++;
      }
    } catch (error) {
      throw new MillraceError(
        `store "${this.name}" can't read its changelog at offset ${records.offset}: ${messageOf(error)}; it was ` +
          "written with other serdes: give the store another name, or reset the application",
        { code: "RESTORE", cause: error },
      );
    }
    this.position = nextOffset;
    if (this.bytes !== undefined) {
      this.#writeBytes(this.#changes);
      this.#changes = [];
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

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
