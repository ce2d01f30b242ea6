import type { TableRow } from "../table-row.ts";
import type { Row, RowSource } from "./row.ts";

/** One window of one key. */
export interface WindowedValue<K, V> {
  readonly key: K;
  /** ms since the epoch. */
  readonly start: number;
  readonly value: V;
  readonly timestamp: number;
}

/**
 * What a processor reads (Kafka Streams' `ReadOnlyWindowStore`). Expired windows are not seen. Times in ms. The store may be
 * written while it is read: a read comes to the windows that were there when it was asked for and still are when their turn
 * comes, each with its value of then, and to no others.
 */
export interface ReadOnlyWindowStore<K, V> {
  fetch(key: K, start: number): V | undefined;
  /** Windows of one key with starts in `[from, to]`, ordered by start. */
  fetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>>;
  /** The same, backwards. */
  backwardFetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>>;
  /** Windows of all keys with starts in `[from, to]`, ordered by start, then by the bytes of the key. */
  fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>>;
  /** The same, backwards. */
  backwardFetchAll(from: number, to: number): Iterable<WindowedValue<K, V>>;
  approximateEntries(): number;
}

/**
 * A store by key and window start (Kafka Streams' `TimestampedWindowStore`). Windows with starts at or before the
 * greatest start ever written minus the retention expire. What a serde refuses goes to the production handler.
 */
export interface WindowStore<K, V> extends ReadOnlyWindowStore<K, V>, RowSource<K, V> {
  put(key: K, start: number, value: V, timestamp: number): void;
  delete(key: K, start: number, timestamp: number): void;

  /** The row of a window, also one deleted since the last flush (its value is undefined then). For aggregations. */
  row(key: K, start: number): Row<K, V> | undefined;
  /** The row as it was flushed last, which is what is known of it downstream: for joins of tables. */
  told(key: K, start: number): TableRow<V> | undefined;
  /** Sets a row that `row` has just answered, without looking it up again; undefined deletes it. */
  update(row: Row<K, V>, value: V | undefined, timestamp: number): void;
  /** Adds a row that `row` did not find; false, and nothing is kept, when its window has expired. */
  insert(key: K, start: number, value: V | undefined, timestamp: number): boolean;
  /** The smallest start at or after `from` of a window that has rows. */
  firstStart(from: number): number | undefined;
  /**
   * Rows with starts in `[from, to]`, ordered by start, then by the bytes of the key; also those deleted since the last
   * flush.
   */
  rowsBetween(from: number, to: number): Iterable<Row<K, V>>;
  /**
   * The store as of the last commit that is durable: what interactive queries read, and a crash can't take back. It
   * follows the store: each read shows what is committed then.
   */
  committedView(): ReadOnlyWindowStore<K, V>;
}
