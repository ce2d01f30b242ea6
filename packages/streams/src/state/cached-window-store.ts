import { CachedRow } from "./cached-row.ts";
import { CachedStore } from "./cached-store.ts";
import { readInt64 } from "./int64.ts";
import { keyIdentity } from "./key-identity.ts";
import type { Row } from "./row.ts";
import { RowWindow } from "./row-window.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { WindowStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { windowStoreKey, windowStoreKeyOverhead } from "./window-key.ts";
import type { WindowedValue, WindowStore } from "./window-store.ts";

/** The budget of a flush is asked after this many rows of expired windows. */
const rowsPerLook = 8;

/**
 * A window store in Maps, one per window start: nearly every record hits the same few windows, and a window expires
 * by dropping its Map.
 */
export class CachedWindowStore<K, V> extends CachedStore<K, V> implements WindowStore<K, V> {
  readonly #retention: number;
  readonly #identity: (key: K) => unknown;
  readonly #windows = new Map<number, RowWindow<K, V>>();
  readonly #starts = new SortedList<number>((a, b) => a - b);
  #lastStart = Number.NaN;
  #lastWindow: RowWindow<K, V> | undefined;
  /** Greatest window start ever written: the store's own stream time (as in the JVM's stores). */
  #observed = -1;
  /** The same as of the last flush, of the last seal, and of the last commit. */
  #observedFlushed = -1;
  #observedSealed = -1;
  #observedCommitted = -1;
  /** Windows that expired, by their starts, whose rows are still in the changelog. */
  readonly #expired = new Map<number, RowWindow<K, V>>();
  #expiredRows = 0;
  /** The rows of the first of them that are still to be deleted from the changelog. */
  #expiring: Iterator<CachedRow<K, V>, void> | undefined;
  /** Windows that expired, and left the changelog, since the last seal; and before it, since the last commit. */
  #left: RowWindow<K, V>[] = [];
  #leftSealed: RowWindow<K, V>[] = [];

  constructor(definition: WindowStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks);
    this.#retention = definition.retention;
    this.#identity = keyIdentity(definition.key);
  }

  override get dirty(): boolean {
    return super.dirty || this.#expired.size > 0;
  }

  override get dirtyBytes(): number {
    return super.dirtyBytes + this.#expiredRows * this.rowBytes;
  }

  row(key: K, start: number): CachedRow<K, V> | undefined {
    const window = start === this.#lastStart ? this.#lastWindow : this.#windows.get(start);
    return window?.rows.get(this.#identity(key));
  }

  update(row: Row<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, timestamp);
  }

  insert(key: K, start: number, value: V | undefined, timestamp: number): boolean {
    if (start > this.#observed) {
      this.#observed = start;
      this.#expire();
    } else if (this.#isExpired(start)) return false;
    this.create(key, start, 0, value, timestamp);
    return true;
  }

  put(key: K, start: number, value: V, timestamp: number): void {
    if (value === undefined) {
      this.refuseUndefined(key, timestamp);
      return;
    }
    const row = this.row(key, start);
    if (row === undefined) this.insert(key, start, value, timestamp);
    else this.update(row, value, timestamp);
  }

  delete(key: K, start: number, timestamp: number): void {
    const row = this.row(key, start);
    if (row !== undefined) this.update(row, undefined, timestamp);
  }

  fetch(key: K, start: number): V | undefined;
  fetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>>;
  fetch(key: K, from: number, to?: number): V | undefined | Iterable<WindowedValue<K, V>> {
    if (to === undefined) return this.row(key, from)?.value;
    return this.#ofKey(key, this.#starts.ascending(...between(from, to)));
  }

  backwardFetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#ofKey(key, this.#starts.descending(...between(from, to)));
  }

  *#ofKey(key: K, starts: Iterable<number>): Iterable<WindowedValue<K, V>> {
    const id = this.#identity(key);
    for (const start of starts) {
      const row = this.#windows.get(start)?.rows.get(id);
      if (row !== undefined) yield* shown(row);
    }
  }

  *fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    for (const row of this.rowsBetween(from, to)) yield* shown(row);
  }

  *backwardFetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    for (const start of this.#starts.descending(...between(from, to)))
      for (const row of this.#windows.get(start)?.inOrder().descending() ?? []) yield* shown(row);
  }

  firstStart(from: number): number | undefined {
    for (const start of this.#starts.ascending((other) => other - from)) return start;
    return undefined;
  }

  *rowsBetween(from: number, to: number): Iterable<CachedRow<K, V>> {
    for (const start of this.#starts.ascending(...between(from, to)))
      yield* this.#windows.get(start)?.inOrder().ascending() ?? [];
  }

  approximateEntries(): number {
    let count = 0;
    for (const { rows } of this.#windows.values()) count += rows.size;
    return count;
  }

  override flush(budget?: () => boolean): boolean {
    const more = this.#deleteExpired(budget) || super.flush(budget);
    if (!more) this.#observedFlushed = this.#observed;
    return more;
  }

  override seal(epoch: number): void {
    super.seal(epoch);
    this.#observedSealed = this.#observedFlushed;
    this.#leftSealed = this.#left;
    this.#left = [];
  }

  override committed(epoch: number, position: number | undefined): void {
    super.committed(epoch, position);
    this.#observedCommitted = this.#observedSealed;
    this.#leftSealed = [];
  }

  override revert(): void {
    const windows = [...this.#expired.values(), ...this.#left, ...this.#leftSealed];
    this.#expired.clear();
    this.#expiredRows = 0;
    this.#expiring = undefined;
    this.#left = [];
    this.#leftSealed = [];
    this.#observed = this.#observedCommitted;
    this.#observedFlushed = this.#observedCommitted;
    for (const window of windows)
      if (this.#isExpired(window.start)) this.#leave(window);
      else {
        this.#windows.set(window.start, window);
        this.#starts.add(window.start);
      }
    super.revert();
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#window(row.start).set(this.#identity(row.key), row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#windows.get(row.start)?.delete(this.#identity(row.key));
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return windowStoreKey(this.keyBytes(row), row.start);
  }

  protected override isExpiredRow(row: CachedRow<K, V>): boolean {
    return this.hooks.expireInChangelog && this.#isExpired(row.start);
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    const end = keyEnd - windowStoreKeyOverhead;
    const start = readInt64(buffer, end);
    const key = this.keySerde.deserialize(buffer, keyStart, end);
    if (start > this.#observed) {
      this.#observed = start;
      this.#observedFlushed = start;
      this.#observedCommitted = start;
      this.#expire();
    }
    const id = this.#identity(key);
    const expired = this.#isExpired(start);
    const window = expired ? this.#expired.get(start) : this.#windows.get(start);
    if (valueStart < 0) {
      if (window?.delete(id) !== true || !expired) return;
      this.#expiredRows--;
      if (window.rows.size === 0) this.#expired.delete(start);
      return;
    }
    if (expired && !this.hooks.expireInChangelog) return;
    const value = this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    const known = window?.rows.get(id);
    if (known !== undefined) {
      known.value = value;
      known.timestamp = timestamp;
      return;
    }
    const row = new CachedRow<K, V>(key, start, 0, value, timestamp);
    if (expired) this.#restoreExpired(id, row);
    else this.#window(start).set(id, row);
  }

  /** A row that the changelog should have lost already, unless its deletion follows. */
  #restoreExpired(id: unknown, row: CachedRow<K, V>): void {
    let window = this.#expired.get(row.start);
    if (window === undefined) this.#expired.set(row.start, (window = this.#newWindow(row.start)));
    window.set(id, row);
    this.#expiredRows++;
  }

  #window(start: number): RowWindow<K, V> {
    if (start === this.#lastStart && this.#lastWindow !== undefined) return this.#lastWindow;
    let window = this.#windows.get(start);
    if (window === undefined) {
      window = this.#newWindow(start);
      this.#windows.set(start, window);
      this.#starts.add(start);
    }
    this.#lastStart = start;
    this.#lastWindow = window;
    return window;
  }

  #newWindow(start: number): RowWindow<K, V> {
    return new RowWindow<K, V>(start, (row) => this.orderOf(row));
  }

  #isExpired(start: number): boolean {
    return start <= this.#observed - this.#retention;
  }

  #expire(): void {
    const oldest = this.#observed - this.#retention;
    for (let start = this.#starts.first; start !== undefined && start <= oldest; start = this.#starts.first) {
      this.#starts.delete(start);
      const window = this.#windows.get(start);
      this.#windows.delete(start);
      if (window !== undefined) this.#leave(window);
    }
    if (this.#isExpired(this.#lastStart)) {
      this.#lastStart = Number.NaN;
      this.#lastWindow = undefined;
    }
  }

  /** An expired window, whose rows are to be deleted from the changelog. */
  #leave(window: RowWindow<K, V>): void {
    if (!this.hooks.expireInChangelog) this.#left.push(window);
    else if (window.rows.size > 0) {
      this.#expired.set(window.start, window);
      this.#expiredRows += window.rows.size;
    }
  }

  /**
   * The JVM leaves this to the changelog topic's retention, which goes by record timestamps: a replay of old records
   * would lose windows that are still open. Tombstones and compaction know stream time. True when the budget ended first.
   */
  #deleteExpired(budget?: () => boolean): boolean {
    let looked = 0;
    for (const window of this.#expired.values()) {
      this.#expiring ??= window.rows.values();
      for (let next = this.#expiring.next(); next.done !== true; next = this.#expiring.next()) {
        const row = next.value;
        this.#expiredRows--;
        // A dirty row of an expired window: its change still goes downstream, after this.
        if (row.value !== undefined && row.dirtyAt < 0)
          this.write(this.changelogKey(row), null, row.timestamp);
        if (budget !== undefined && ++looked % rowsPerLook === 0 && !budget()) return true;
      }
      this.#expired.delete(window.start);
      this.#expiring = undefined;
      this.#left.push(window);
    }
    return false;
  }
}

const between = (from: number, to: number): [(start: number) => number, (start: number) => number] => [
  (start) => start - from,
  (start) => start - to,
];

function* shown<K, V>({ key, start, value, timestamp }: CachedRow<K, V>): Iterable<WindowedValue<K, V>> {
  if (value !== undefined) yield { key, start, value, timestamp };
}
