import { keyScratch } from "../serdes/scratch.ts";
import type { TableRow } from "../table-row.ts";
import { CachedRow } from "./cached-row.ts";
import { CachedStore } from "./cached-store.ts";
import { CommittedKeyValueView } from "./committed-key-value-view.ts";
import { afterKey, afterPrefix } from "./key-bounds.ts";
import type { KeyValueStore, ReadOnlyKeyValueStore } from "./key-value-store.ts";
import { mergeInOrder } from "./merge-rows.ts";
import { rowBytes } from "./row-bytes.ts";
import type { Row } from "./row.ts";
import { SerializedRows, type SerializedRow } from "./serialized-rows.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { KeyValueStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

/** Before each key in the byte store, which takes no empty ones. */
const keyPrefix = Buffer.of(0);
const afterKeys = Buffer.of(1);

/** A key-value store in a Map, one row per key; above a byte store the Map is a cache. */
export class CachedKeyValueStore<K, V> extends CachedStore<K, V> implements KeyValueStore<K, V> {
  readonly #rows = new Map<unknown, CachedRow<K, V>>();
  /** Of a store in memory: rows that were restored, and that nobody has asked for since. */
  #serialized: SerializedRows | undefined;
  /** The rows in the order of their keys' bytes: made by the first read that asks for it, and kept from then on. */
  #ordered: SortedList<CachedRow<K, V>> | undefined;

  constructor(definition: KeyValueStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks, hooks.bytes);
  }

  /** Also one that is deleted. */
  #row(key: K): CachedRow<K, V> | undefined {
    const row = this.#rows.get(this.identity(key));
    if (this.bytes === undefined)
      return row !== undefined || this.#serialized === undefined ? row : this.#takeSerialized(key);
    if (row !== undefined) {
      this.lookups.hits++;
      return row;
    }
    if (key === null || key === undefined) return undefined;
    return this.load(key, 0, this.#byteKeyOf(key));
  }

  #takeSerialized(key: K): CachedRow<K, V> | undefined {
    if (key === null || key === undefined || this.#serialized === undefined) return undefined;
    const rows = this.#serialized;
    const row = rows.take(this.serializeKey(key), this.#made);
    if (row !== undefined) this.attach(row);
    const another = rows.sweep(this.#made);
    if (another !== undefined) this.attach(another);
    if (rows.size === 0) this.#serialized = undefined;
    // Not every key that is written as these bytes is the one that is read from them.
    return this.#rows.get(this.identity(key));
  }

  override restore(records: ChangelogRecords, nextOffset: number): number {
    try {
      return super.restore(records, nextOffset);
    } finally {
      this.#serialized?.rest();
    }
  }

  readonly #made = (row: SerializedRow): CachedRow<K, V> => this.changelog.row(row);

  /** For who reads rows that it can't name. */
  #takeAllSerialized(): void {
    if (this.#serialized === undefined) return;
    const rows = Array.from(this.#serialized, this.#made);
    this.#serialized = undefined;
    for (const row of rows) this.attach(row);
  }

  row(key: K): Row<K, V> | undefined {
    const row = this.#row(key);
    return row?.value === undefined ? undefined : row;
  }

  told(key: K): TableRow<V> | undefined {
    return this.toldOf(this.#row(key));
  }

  get(key: K): V | undefined {
    return this.#row(key)?.value;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  update(row: Row<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, this.timeOfChange(value, timestamp));
  }

  insert(key: K, value: V | undefined, timestamp: number): void {
    this.#set(key, value, this.timeOfChange(value, timestamp));
  }

  #set(key: K, value: V | undefined, timestamp: number): void {
    const row = this.#row(key);
    if (row !== undefined) this.change(row, value, timestamp);
    else this.create(key, 0, 0, value, timestamp);
  }

  put(key: K, value: V, timestamp: number = this.hooks.timestamp()): void {
    if (value === undefined) this.refuseUndefined(key, timestamp);
    else this.#set(key, value, timestamp);
  }

  putIfAbsent(key: K, value: V, timestamp: number = this.hooks.timestamp()): V | undefined {
    const present = this.get(key);
    if (present === undefined) this.put(key, value, timestamp);
    return present;
  }

  delete(key: K, timestamp: number = this.hooks.timestamp()): void {
    this.#set(key, undefined, timestamp);
  }

  approximateEntries(): number {
    return this.#rows.size + (this.#serialized?.size ?? 0) + (this.bytes?.size ?? 0);
  }

  committedView(): ReadOnlyKeyValueStore<K, V> {
    return new CommittedKeyValueView({
      get: (key) => this.#committedValue(key),
      entries: (from, to, reverse) => this.#committedEntries(from, to, reverse),
      order: (key) => this.orderOfKey(key),
      approximateEntries: () => this.approximateEntries(),
    });
  }

  #committedValue(key: K): V | undefined {
    if (key === null || key === undefined) return undefined;
    if (this.bytes !== undefined) {
      const bytes = this.bytes.get(this.#byteKeyOf(key));
      return bytes === undefined ? undefined : this.fromBytes(key, 0, bytes).value;
    }
    const id = this.identity(key);
    const row = this.#row(key);
    const there = row === undefined ? undefined : this.rowAtCommit(row);
    if (there !== undefined) return there.value;
    for (const left of this.departed(id)) {
      const committed = this.rowAtCommit(left);
      if (committed !== undefined) return committed.value;
    }
    return undefined;
  }

  *#committedEntries(
    from: string | undefined,
    to: string | undefined,
    reverse: boolean,
  ): Iterable<readonly [K, V]> {
    if (this.bytes !== undefined) {
      for (const { key, value } of this.#stored(from, to, reverse))
        if (value !== undefined) yield [key, value];
      return;
    }
    const left = [...this.departed()].filter((row) => {
      const order = this.orderOf(row);
      return (from === undefined || order >= from) && (to === undefined || order < to);
    });
    const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number =>
      reverse ? this.byKeyOrder(b, a) : this.byKeyOrder(a, b);
    for (const { key, value } of this.rowsAtCommit(this.#cached(from, to, reverse), left, compare))
      yield [key, value];
  }

  all(): Iterable<readonly [K, V]> {
    return this.#entries(undefined, undefined, false);
  }

  reverseAll(): Iterable<readonly [K, V]> {
    return this.#entries(undefined, undefined, true);
  }

  range(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    return this.#entries(this.#orderOrNone(from), afterKey(this.#orderOrNone(to)), false);
  }

  reverseRange(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    return this.#entries(this.#orderOrNone(from), afterKey(this.#orderOrNone(to)), true);
  }

  prefixScan(prefix: Uint8Array): Iterable<readonly [K, V]> {
    const from = Buffer.from(prefix).toString("latin1");
    return this.#entries(from, afterPrefix(from), false);
  }

  /** Keys in `[from, to)`, by their bytes, one character each. */
  #entries(
    from: string | undefined,
    to: string | undefined,
    reverse: boolean,
  ): Iterable<readonly [key: K, value: V]> {
    const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number =>
      reverse ? this.byKeyOrder(b, a) : this.byKeyOrder(a, b);
    return this.read((last) => {
      const place = last && this.orderOf(last);
      const low = reverse ? from : (afterKey(place) ?? from);
      const high = reverse ? (place ?? to) : to;
      const cached = this.#cached(low, high, reverse);
      return this.bytes === undefined
        ? cached
        : mergeInOrder(cached, this.#stored(low, high, reverse), compare);
    }, entryOf);
  }

  #cached(from: string | undefined, to: string | undefined, reverse: boolean): Iterable<CachedRow<K, V>> {
    const ordered = this.#inOrder();
    const low =
      from === undefined ? undefined : (row: CachedRow<K, V>) => (this.orderOf(row) < from ? -1 : 0);
    const high = to === undefined ? undefined : (row: CachedRow<K, V>) => (this.orderOf(row) < to ? 0 : 1);
    return reverse ? ordered.descending(low, high) : ordered.ascending(low, high);
  }

  /** Rows as they are in the byte store. */
  *#stored(from: string | undefined, to: string | undefined, reverse: boolean): Iterable<CachedRow<K, V>> {
    const low = from === undefined ? keyPrefix : Buffer.concat([keyPrefix, Buffer.from(from, "latin1")]);
    const high = to === undefined ? afterKeys : Buffer.concat([keyPrefix, Buffer.from(to, "latin1")]);
    for (const [byteKey, bytes] of this.bytes?.range(low, high, reverse) ?? []) {
      const source = Buffer.from(byteKey.buffer, byteKey.byteOffset, byteKey.length);
      const row = this.fromBytes(this.keySerde.deserialize(source, 1, source.length), 0, bytes);
      row.keyBytes = source.subarray(1);
      yield row;
    }
  }

  #orderOrNone(key: K | undefined): string | undefined {
    return key === undefined ? undefined : this.orderOfKey(key);
  }

  #byteKeyOf(key: K): Uint8Array {
    return Buffer.concat([keyPrefix, this.serializeKey(key)]);
  }

  #inOrder(): SortedList<CachedRow<K, V>> {
    this.#takeAllSerialized();
    if (this.#ordered === undefined) {
      const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number => this.byKeyOrder(a, b);
      this.#ordered = new SortedList(compare, [...this.#rows.values()].toSorted(compare));
    }
    return this.#ordered;
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#rows.set(this.identity(row.key), row);
    this.#ordered?.add(row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#rows.delete(this.identity(row.key));
    this.#ordered?.delete(row);
  }

  protected override attached(row: CachedRow<K, V>): CachedRow<K, V> | undefined {
    return this.#rows.get(this.identity(row.key));
  }

  protected override byteKey(row: CachedRow<K, V>): Uint8Array {
    return Buffer.concat([keyPrefix, this.keyBytes(row)]);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return row.keyBytes ?? keyScratch.serialize(this.keySerde, row.key) ?? this.keyBytes(row);
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    if (this.bytes !== undefined) {
      this.keep(
        Buffer.concat([keyPrefix, buffer.subarray(keyStart, keyEnd)]),
        valueStart < 0 ? null : rowBytes(buffer.subarray(valueStart, valueEnd), timestamp),
      );
      if (this.#rows.size === 0) return;
    } else if (this.#rows.size === 0 && this.changelog.canStaySerialized(records)) {
      this.#restoreSerialized(records);
      return;
    }
    const key = this.keySerde.deserialize(buffer, keyStart, keyEnd);
    const id = this.identity(key);
    const known = this.#rows.get(id);
    if (this.bytes !== undefined || valueStart < 0) {
      if (known !== undefined) this.detach(known);
      else this.#serialized?.put(records);
      return;
    }
    if (known === undefined && this.changelog.canStaySerialized(records)) {
      this.#restoreSerialized(records);
      return;
    }
    const value = this.valueSerde.deserialize(buffer, valueStart, valueEnd);
    if (known !== undefined) {
      known.value = value;
      known.timestamp = timestamp;
      return;
    }
    const row = new CachedRow<K, V>(key, 0, 0, value, timestamp);
    this.#rows.set(id, row);
    this.#ordered?.add(row);
  }

  #restoreSerialized(records: ChangelogRecords): void {
    if (records.valueStart >= 0) this.#serialized ??= new SerializedRows();
    this.#serialized?.put(records);
  }
}

const entryOf = <K, V>({ key, value }: CachedRow<K, V>): readonly [K, V] | undefined =>
  value === undefined ? undefined : [key, value];
