import type { Entry } from "./entry.ts";
import type { StateStore } from "./state-store.ts";

/** One window of one key. */
export interface WindowedValue<K, V> {
  readonly key: K;
  /** ms since the epoch. */
  readonly start: number;
  readonly value: V;
  readonly timestamp: number;
}

/** What a processor reads (Kafka Streams' `ReadOnlyWindowStore`). Expired windows are not seen. */
export interface ReadOnlyWindowStore<K, V> {
  fetch(key: K, start: number): V | undefined;
  /** Windows of all keys with starts in `[from, to]`, ordered by start, then by the bytes of the key. */
  fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>>;
}

/** A store by key and window start. Windows older than the retention, in the store's own stream time, expire. */
export interface WindowStore<K, V> extends ReadOnlyWindowStore<K, V>, StateStore {
  put(key: K, start: number, value: V, timestamp: number): void;
  delete(key: K, start: number, timestamp: number): void;

  /** The row of a window, also one deleted since the last flush (its value is undefined then). For aggregations. */
  entry(key: K, start: number): Entry<K, V> | undefined;
  /** Sets a row that `entry` found. */
  update(entry: Entry<K, V>, value: V | undefined, timestamp: number): void;
  /** Adds a row that `entry` did not find; false, and nothing is kept, when its window has expired. */
  insert(key: K, start: number, value: V | undefined, timestamp: number): boolean;
  /** Starts in `[from, to]` of windows that have rows, ascending. */
  startsBetween(from: number, to: number): readonly number[];
  /** Rows with starts in `[from, to]`, ordered by start, then by the bytes of the key. */
  entriesBetween(from: number, to: number): Iterable<Entry<K, V>>;
}
