import type { TableRow } from "../table-row.ts";
import type { Row, RowSource } from "./row.ts";

/**
 * What a processor reads (Kafka Streams' `ReadOnlyKeyValueStore`). The store may be written while it is read: a read comes to
 * the entries that were there when it was asked for and still are when their turn comes, each with its value of then, and to
 * no others.
 */
export interface ReadOnlyKeyValueStore<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  /** All entries whose serialized key lies in `[from, to]`, ordered by the bytes of the key; undefined is no bound. */
  range(from: K | undefined, to: K | undefined): Iterable<readonly [key: K, value: V]>;
  /** The same, backwards. */
  reverseRange(from: K | undefined, to: K | undefined): Iterable<readonly [key: K, value: V]>;
  /** All entries whose serialized key begins with these bytes, ordered by the bytes of the key (KIP-614). */
  prefixScan(prefix: Uint8Array): Iterable<readonly [key: K, value: V]>;
  /** All entries, ordered by the bytes of the key. */
  all(): Iterable<readonly [key: K, value: V]>;
  /** The same, backwards. */
  reverseAll(): Iterable<readonly [key: K, value: V]>;
  approximateEntries(): number;
}

/**
 * A store by key (Kafka Streams' `TimestampedKeyValueStore`). Values are kept as they are given: treat them as
 * immutable. What a serde refuses, null keys and undefined values among it, goes to the production handler, named by
 * store and key.
 */
export interface KeyValueStore<K, V> extends ReadOnlyKeyValueStore<K, V>, RowSource<K, V> {
  /** `timestamp` (ms, event time) goes to the changelog record; the current record's by default. */
  put(key: K, value: V, timestamp?: number): void;
  /** Puts only where nothing is; answers what is there. */
  putIfAbsent(key: K, value: V, timestamp?: number): V | undefined;
  delete(key: K, timestamp?: number): void;

  /** The row of a key with a value: for operators that also need its timestamp, or `update`. */
  row(key: K): Row<K, V> | undefined;
  /** The row as it was flushed last, which is what is known of it downstream: for joins of tables. */
  told(key: K): TableRow<V> | undefined;
  /** Sets a row that `row` has just answered, without looking it up again; undefined deletes it. */
  update(row: Row<K, V>, value: V | undefined, timestamp: number): void;
  /** Sets the row of a key that `row` did not find; undefined deletes it, which is told downstream. */
  insert(key: K, value: V | undefined, timestamp: number): void;
  /**
   * The store as of the last commit that is durable: what interactive queries read, and a crash can't take back. It
   * follows the store: each read shows what is committed then.
   */
  committedView(): ReadOnlyKeyValueStore<K, V>;
}
