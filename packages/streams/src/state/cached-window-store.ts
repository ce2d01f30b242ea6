import type { TableRow } from "../table-row.ts";
import { keyScratch } from "../serdes/scratch.ts";
import { CachedRow, type CommittedRow, evicted } from "./cached-row.ts";
import { CommittedWindowView } from "./committed-window-view.ts";
import { ExpiringStore } from "./expiring-store.ts";
import { readInt64 } from "./int64.ts";
import { mergeInOrder } from "./merge-rows.ts";
import type { Row } from "./row.ts";
import { rowBytes } from "./row-bytes.ts";
import { RowWindow, type WindowReads } from "./row-window.ts";
import { RowsByKey } from "./rows-by-key.ts";
import { SortedList } from "./sorted-list.ts";
import { StoredWindows, storedWindowKey } from "./stored-windows.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { WindowStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";
import { endWindowStoreKey, windowStoreKey, windowStoreKeyOverhead } from "./window-key.ts";
import type { ReadOnlyWindowStore, WindowedValue, WindowStore } from "./window-store.ts";

/**
 * A window store in Maps, one per window start: nearly every record hits the same few windows, and a window expires
 * by dropping its Map.
 */
export class CachedWindowStore<K, V>
  extends ExpiringStore<K, V, RowWindow<K, V>>
  implements WindowStore<K, V>
{
  readonly #windows = new Map<number, RowWindow<K, V>>();
  readonly #starts = new SortedList<number>((a, b) => a - b);
  #lastStart = Number.NaN;
  #lastWindow: RowWindow<K, V> | undefined;
  /** Of a persistent store: what is below. */
  readonly #stored: StoredWindows<K, V> | undefined;
  /** The rows of each key by their starts: made by the first read of one key among many starts, and kept from then on. */
  #byKey: RowsByKey<K, V> | undefined;
  /** Windows that a restore has given rows as bytes, and the last of them. */
  readonly #restored = new Set<RowWindow<K, V>>();
  #lastRestored: RowWindow<K, V> | undefined;
  readonly #reads: WindowReads<K, V> = {
    orderOf: (row) => this.orderOf(row),
    identity: (key) => this.identity(key),
    keyBytes: (key) => this.serializeKey(key),
    read: (row, start) => this.changelog.row(row, start),
  };

  constructor(definition: WindowStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks, hooks.bytes);
    this.#stored =
      this.bytes &&
      new StoredWindows(this.bytes, {
        key: this.keySerde,
        keyBytes: (key) => this.serializeKey(key),
        fromBytes: (key, start, bytes) => this.fromBytes(key, start, bytes),
        isExpired: (start) => this.isExpiredAtCommit(start),
      });
    for (let from = 0; ;) {
      const start = this.#stored?.firstStart(from);
      if (start === undefined) break;
      this.#window(start).complete = false;
      from = start + 1;
    }
    this.readObserved();
  }

  row(key: K, start: number): CachedRow<K, V> | undefined {
    const window = start === this.#lastStart ? this.#lastWindow : this.#windows.get(start);
    const row = window?.get(this.identity(key), key);
    if (row !== undefined) {
      if (this.bytes !== undefined) this.lookups.hits++;
      return row;
    }
    // Neither found in memory nor looked for below: it is known that it is nowhere.
    if (window === undefined || window.complete) return undefined;
    return key === null || key === undefined
      ? undefined
      : this.load(key, start, storedWindowKey(this.serializeKey(key), start));
  }

  told(key: K, start: number): TableRow<V> | undefined {
    return this.toldOf(this.row(key, start));
  }

  update(row: Row<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, this.timeOfChange(value, timestamp));
  }

  insert(key: K, start: number, value: V | undefined, timestamp: number): boolean {
    if (!this.observe(start)) {
      if (this.writesAll) this.writeUnkept(new CachedRow<K, V>(key, start, 0, value, timestamp));
      return false;
    }
    this.create(key, start, 0, value, this.timeOfChange(value, timestamp));
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
    if (row !== undefined) this.change(row, undefined, timestamp);
  }

  fetch(key: K, start: number): V | undefined;
  fetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>>;
  fetch(key: K, from: number, to?: number): V | undefined | Iterable<WindowedValue<K, V>> {
    if (to === undefined) return this.row(key, from)?.value;
    return this.#readKey(key, from, to, false);
  }

  backwardFetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#readKey(key, from, to, true);
  }

  #readKey(key: K, from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>> {
    return this.read(
      (last) =>
        reverse
          ? this.#rowsOfKey(key, from, last === undefined ? to : last.start - 1, true)
          : this.#rowsOfKey(key, last === undefined ? from : last.start + 1, to, false),
      this.#shownNow,
    );
  }

  /** Also windows that were there when the read began may have expired. */
  readonly #shownNow = (row: CachedRow<K, V>): WindowedValue<K, V> | undefined =>
    this.isExpired(row.start) ? undefined : shown(row);

  #rowsOfKey(key: K, from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const index = this.#keyIndex();
    if (index === undefined) return this.#inStarts(key, this.#startsBetween(from, to, reverse));
    const id = this.identity(key);
    // It has those of expired windows until these are deleted.
    const bounds = startsBetween<K, V>(Math.max(from, this.oldest + 1), to);
    return reverse ? index.descending(id, ...bounds) : index.ascending(id, ...bounds);
  }

  #startsBetween(from: number, to: number, reverse: boolean): Iterable<number> {
    return reverse
      ? this.#starts.descending(...between(from, to))
      : this.#starts.ascending(...between(from, to));
  }

  /** Undefined where there are few starts, so that looking into each window is quicker; and above a byte store. */
  #keyIndex(): RowsByKey<K, V> | undefined {
    if (this.#byKey !== undefined || this.bytes !== undefined || this.#starts.size <= fewStarts)
      return this.#byKey;
    const byKey = new RowsByKey<K, V>((a, b) => a.start - b.start);
    for (const window of this.#windows.values())
      for (const row of window.values()) byKey.add(this.identity(row.key), row);
    this.#byKey = byKey;
    return byKey;
  }

  *#inStarts(key: K, starts: Iterable<number>): Iterable<CachedRow<K, V>> {
    for (const start of starts) {
      const row = this.row(key, start);
      if (row !== undefined) yield row;
    }
  }

  fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#readBetween(from, to, false);
  }

  backwardFetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#readBetween(from, to, true);
  }

  #readBetween(from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>> {
    return this.read(
      (last) =>
        last === undefined ? this.#rowsBetween(from, to, reverse) : this.#rowsAfter(last, from, to, reverse),
      this.#shownNow,
    );
  }

  /** Those of `#rowsBetween` from the one after a row on. */
  *#rowsAfter(last: CachedRow<K, V>, from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    const { start } = last;
    yield* this.#rowsOf(this.#windows.get(start), reverse, last);
    yield* reverse ? this.#rowsBetween(from, start - 1, true) : this.#rowsBetween(start + 1, to, false);
  }

  committedView(): ReadOnlyWindowStore<K, V> {
    return new CommittedWindowView({
      get: (key, start) => {
        for (const { value } of this.#committedOfKey(key, start, start, false)) return value;
        return undefined;
      },
      ofKey: (key, from, to, reverse) => this.#committedOfKey(key, from, to, reverse),
      between: (from, to, reverse) => this.#committedBetween(from, to, reverse),
      approximateEntries: () => this.approximateEntries(),
    });
  }

  #committedOfKey(key: K, from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>> {
    if (key === null || key === undefined) return [];
    if (this.#stored !== undefined) return allShown(this.#stored.ofKey(key, from, to, reverse));
    const left = [...this.departed(this.identity(key), key)].filter(
      ({ start }) => start >= from && start <= to,
    );
    const order = reverse ? -1 : 1;
    return allShown(
      this.rowsAtCommit(this.#rowsOfKey(key, from, to, reverse), left, (a, b) => order * (a.start - b.start)),
    );
  }

  #committedBetween(from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>> {
    if (this.#stored !== undefined) return allShown(this.#stored.between(from, to, reverse));
    const left = [...this.departed()].filter(({ start }) => start >= from && start <= to);
    const order = reverse ? -1 : 1;
    return allShown(
      this.rowsAtCommit(
        this.#rowsBetween(from, to, reverse),
        left,
        (a, b) => order * (a.start - b.start || this.byKeyOrder(a, b)),
      ),
    );
  }

  firstStart(from: number): number | undefined {
    for (const start of this.#starts.ascending((other) => other - from)) return start;
    return undefined;
  }

  rowsBetween(from: number, to: number): Iterable<CachedRow<K, V>> {
    return this.#rowsBetween(from, to, false);
  }

  *#rowsBetween(from: number, to: number, reverse: boolean): Iterable<CachedRow<K, V>> {
    for (const start of this.#startsBetween(from, to, reverse))
      yield* this.#rowsOf(this.#windows.get(start), reverse);
  }

  /** In the order of the keys' bytes, those in the byte store alone among them; those that come after `last`. */
  #rowsOf(
    window: RowWindow<K, V> | undefined,
    reverse: boolean,
    last?: CachedRow<K, V>,
  ): Iterable<CachedRow<K, V>> {
    if (window === undefined) return [];
    const ordered = window.inOrder();
    const passed = last && ((row: CachedRow<K, V>): number => this.byKeyOrder(row, last));
    const cached = reverse
      ? ordered.descending(undefined, passed && ((row) => (passed(row) >= 0 ? 1 : 0)))
      : ordered.ascending(passed && ((row) => (passed(row) <= 0 ? -1 : 0)));
    if (window.complete || this.#stored === undefined) return cached;
    const stored = this.#stored.of(window.start, reverse, last && this.keyBytes(last));
    return mergeInOrder(cached, stored, (a, b) => (reverse ? this.byKeyOrder(b, a) : this.byKeyOrder(a, b)));
  }

  approximateEntries(): number {
    let count = this.bytes?.size ?? 0;
    for (const { size } of this.#windows.values()) count += size;
    return count;
  }

  protected override attach(row: CachedRow<K, V>): void {
    const id = this.identity(row.key);
    this.#window(row.start).set(id, row);
    this.#byKey?.add(id, row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    const id = this.identity(row.key);
    this.#windows.get(row.start)?.delete(id);
    this.#byKey?.delete(id, row);
  }

  protected override attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined {
    return this.#windows.get(row.start)?.get(this.identity(row.key), row.key);
  }

  protected override unindex(row: CachedRow<K, V>): void {
    this.#byKey?.delete(this.identity(row.key), row);
  }

  protected override unindexGroup(window: RowWindow<K, V>): void {
    // Where there is no index, rows that stayed bytes may do so.
    if (this.#byKey !== undefined) for (const row of window.values()) this.unindex(row);
  }

  protected override wentOut(row: CachedRow<K, V>): void {
    const window = this.#windows.get(row.start);
    if (window !== undefined) window.complete = false;
  }

  protected override byteKey(row: CachedRow<K, V>): Uint8Array {
    return storedWindowKey(this.keyBytes(row), row.start);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    const room = keyScratch.withRoom(this.keySerde, row.key, windowStoreKeyOverhead);
    return room === null ? windowStoreKey(this.keyBytes(row), row.start) : endWindowStoreKey(room, row.start);
  }

  protected override isExpiredRow(row: CachedRow<K, V>): boolean {
    return this.hooks.expireInChangelog && this.isExpired(row.start);
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    const end = keyEnd - windowStoreKeyOverhead;
    const start = readInt64(buffer, end);
    const key = this.keySerde.deserialize(buffer, keyStart, end);
    const live = this.observeCommitted(start);
    if (this.bytes !== undefined) {
      this.#restoreBytes(records, key, start, live);
      return;
    }
    const id = this.identity(key);
    const window = live ? this.#windows.get(start) : this.leaving(start);
    if (live && window !== undefined && this.#restoreSerialized(window, id, records, end)) return;
    if (valueStart < 0) {
      const gone = window?.get(id, key);
      if (window === undefined || gone === undefined) return;
      window.delete(id);
      this.#byKey?.delete(id, gone);
      if (!live) this.leavingRows(start, window, -1);
      return;
    }
    if (!live && !this.hooks.expireInChangelog) return;
    const value = this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    const known = window?.get(id, key);
    if (known !== undefined) {
      known.value = value;
      known.timestamp = timestamp;
      return;
    }
    const row = new CachedRow<K, V>(key, start, 0, value, timestamp);
    if (live) this.attach(row);
    else {
      // The changelog should have lost it already, unless its deletion follows.
      const expired = window ?? this.#newWindow(start);
      expired.set(id, row);
      this.leavingRows(start, expired, 1);
    }
  }

  /** An index by key has rows only. */
  #restoreSerialized(
    window: RowWindow<K, V>,
    id: unknown,
    records: ChangelogRecords,
    keyEnd: number,
  ): boolean {
    if (this.#byKey !== undefined || !this.changelog.canStaySerialized(records, keyEnd)) return false;
    if (!window.restore(id, records, keyEnd)) return false;
    if (window !== this.#lastRestored) {
      this.#lastRestored = window;
      this.#restored.add(window);
    }
    return true;
  }

  override restore(records: ChangelogRecords, nextOffset: number): number {
    try {
      return super.restore(records, nextOffset);
    } finally {
      for (const window of this.#restored) window.rest();
      this.#restored.clear();
      this.#lastRestored = undefined;
    }
  }

  #restoreBytes(
    { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp }: ChangelogRecords,
    key: K,
    start: number,
    live: boolean,
  ): void {
    const value = valueStart < 0 ? null : rowBytes(buffer.subarray(valueStart, valueEnd), timestamp);
    this.keep(storedWindowKey(buffer.subarray(keyStart, keyEnd - windowStoreKeyOverhead), start), value);
    const window = live ? this.#window(start) : this.leaving(start);
    if (window !== undefined) {
      window.complete = false;
      window.delete(this.identity(key));
    } else if (value !== null) {
      // The changelog should have lost it already, unless its deletion follows.
      const expired = this.#newWindow(start);
      expired.complete = false;
      this.leave(expired, start);
    }
  }

  protected override timeOf(window: RowWindow<K, V>): number {
    return window.start;
  }

  protected override rowsOf(window: RowWindow<K, V>): Iterable<CachedRow<K, V>> {
    return window.complete ? window.values() : this.#rowsOf(window, false);
  }

  protected override *groupRows(window: RowWindow<K, V>, id?: unknown, key?: K): Iterable<CachedRow<K, V>> {
    if (id === undefined) yield* window.values();
    const row = key === undefined ? undefined : window.get(id, key);
    if (row !== undefined) yield row;
  }

  protected override sizeOf(window: RowWindow<K, V>): number {
    return window.complete ? window.size : Math.max(1, window.size);
  }

  protected override *bringBack(window: RowWindow<K, V>): Iterable<undefined> {
    // First: an index by key that a read makes between two rows has all of them.
    this.#windows.set(window.start, window);
    this.#starts.add(window.start);
    // Without an index, those that stayed bytes may do so.
    if (this.#byKey === undefined && this.bytes === undefined) return;
    for (const row of window.values()) {
      const id = this.identity(row.key);
      if (row.dirtyAt === evicted) {
        window.delete(id);
        window.complete = false;
      } else this.#byKey?.add(id, row);
      yield;
    }
  }

  protected override expire(oldest: number): void {
    for (let start = this.#starts.first; start !== undefined && start <= oldest; start = this.#starts.first) {
      this.#starts.delete(start);
      const window = this.#windows.get(start);
      this.#windows.delete(start);
      if (window !== undefined) this.leave(window, start);
    }
    if (this.#lastStart <= oldest) {
      this.#lastStart = Number.NaN;
      this.#lastWindow = undefined;
    }
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
    return new RowWindow<K, V>(start, this.#reads);
  }
}

/** Up to so many starts, each window is looked into for one key's rows. */
const fewStarts = 16;

const between = (from: number, to: number): [(start: number) => number, (start: number) => number] => [
  (start) => start - from,
  (start) => start - to,
];

const startsBetween = <K, V>(
  from: number,
  to: number,
): [(row: CachedRow<K, V>) => number, (row: CachedRow<K, V>) => number] => [
  ({ start }) => start - from,
  ({ start }) => start - to,
];

const shown = <K, V>({
  key,
  start,
  value,
  timestamp,
}: CachedRow<K, V> | CommittedRow<K, V>): WindowedValue<K, V> | undefined =>
  value === undefined ? undefined : { key, start, value, timestamp };

function* allShown<K, V>(
  rows: Iterable<CachedRow<K, V> | CommittedRow<K, V>>,
): Iterable<WindowedValue<K, V>> {
  for (const row of rows) {
    const found = shown(row);
    if (found !== undefined) yield found;
  }
}
