import { CachedRow } from "./cached-row.ts";
import { CachedStore } from "./cached-store.ts";
import { keyIdentity } from "./key-identity.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { Row } from "./row.ts";
import { SortedList } from "./sorted-list.ts";
import type { ChangelogRecords } from "./state-store.ts";
import type { KeyValueStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

/** A key-value store in a Map, one row per key. */
export class CachedKeyValueStore<K, V> extends CachedStore<K, V> implements KeyValueStore<K, V> {
  readonly #identity: (key: K) => unknown;
  readonly #rows = new Map<unknown, CachedRow<K, V>>();
  /** The rows in the order of their keys' bytes: made by the first read that asks for it, and kept from then on. */
  #ordered: SortedList<CachedRow<K, V>> | undefined;

  constructor(definition: KeyValueStoreDefinition<K, V>, hooks: StoreHooks) {
    super(definition, hooks);
    this.#identity = keyIdentity(definition.key);
  }

  row(key: K): Row<K, V> | undefined {
    const row = this.#rows.get(this.#identity(key));
    return row?.value === undefined ? undefined : row;
  }

  get(key: K): V | undefined {
    return this.#rows.get(this.#identity(key))?.value;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  update(row: Row<K, V>, value: V | undefined, timestamp: number): void {
    this.change(row as CachedRow<K, V>, value, timestamp);
  }

  insert(key: K, value: V | undefined, timestamp: number): void {
    const row = this.#rows.get(this.#identity(key));
    if (row !== undefined) this.change(row, value, timestamp);
    else this.create(key, 0, 0, value, timestamp);
  }

  put(key: K, value: V, timestamp: number = this.hooks.timestamp()): void {
    if (value === undefined) this.refuseUndefined(key, timestamp);
    else this.insert(key, value, timestamp);
  }

  putIfAbsent(key: K, value: V, timestamp: number = this.hooks.timestamp()): V | undefined {
    const present = this.get(key);
    if (present === undefined) this.put(key, value, timestamp);
    return present;
  }

  delete(key: K, timestamp: number = this.hooks.timestamp()): void {
    this.insert(key, undefined, timestamp);
  }

  approximateEntries(): number {
    return this.#rows.size;
  }

  *all(): Iterable<readonly [K, V]> {
    for (const { key, value } of this.#inOrder().ascending()) if (value !== undefined) yield [key, value];
  }

  *reverseAll(): Iterable<readonly [K, V]> {
    for (const { key, value } of this.#inOrder().descending()) if (value !== undefined) yield [key, value];
  }

  *range(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    for (const { key, value } of this.#inOrder().ascending(this.#bound(from), this.#bound(to)))
      if (value !== undefined) yield [key, value];
  }

  *reverseRange(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    for (const { key, value } of this.#inOrder().descending(this.#bound(from), this.#bound(to)))
      if (value !== undefined) yield [key, value];
  }

  *prefixScan(prefix: Uint8Array): Iterable<readonly [K, V]> {
    const start = Buffer.from(prefix).toString("latin1");
    const bound = (row: CachedRow<K, V>): number => {
      const order = this.orderOf(row);
      return order.startsWith(start) ? 0 : order < start ? -1 : 1;
    };
    for (const { key, value } of this.#inOrder().ascending(bound, bound))
      if (value !== undefined) yield [key, value];
  }

  #bound(key: K | undefined): ((row: CachedRow<K, V>) => number) | undefined {
    if (key === undefined) return undefined;
    const order = this.orderOfKey(key);
    return (row) => compareText(this.orderOf(row), order);
  }

  #inOrder(): SortedList<CachedRow<K, V>> {
    if (this.#ordered === undefined) {
      const compare = (a: CachedRow<K, V>, b: CachedRow<K, V>): number =>
        compareText(this.orderOf(a), this.orderOf(b));
      this.#ordered = new SortedList(compare, [...this.#rows.values()].toSorted(compare));
    }
    return this.#ordered;
  }

  protected override attach(row: CachedRow<K, V>): void {
    this.#rows.set(this.#identity(row.key), row);
    this.#ordered?.add(row);
  }

  protected override detach(row: CachedRow<K, V>): void {
    this.#rows.delete(this.#identity(row.key));
    this.#ordered?.delete(row);
  }

  protected override changelogKey(row: CachedRow<K, V>): Uint8Array {
    return this.keyBytes(row);
  }

  protected override restoreRow(records: ChangelogRecords): void {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = records;
    const key = this.keySerde.deserialize(buffer, keyStart, keyEnd);
    const id = this.#identity(key);
    const known = this.#rows.get(id);
    if (valueStart < 0) {
      if (known !== undefined) this.detach(known);
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
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
