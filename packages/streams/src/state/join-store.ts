import type { Row, RowSource } from "./row.ts";

/**
 * The records of one side of a stream-stream join, several of one key and time among them (Kafka Streams' window store
 * with `retainDuplicates`). A record expires, and is no longer seen, when its time is at or before the greatest time ever
 * written minus the retention. Times in ms. What a serde refuses goes to the production handler.
 */
export interface JoinStore<K, V> extends RowSource<K, V> {
  /** Adds a record; false, and nothing is kept, when it has expired. */
  put(key: K, time: number, value: V): boolean;
  /** A record without a value goes by: nothing is kept, but the JVM's changelogs have a tombstone of it. */
  pass?(key: K, time: number): void;
  /** Records of one key with times in `[from, to]`, by time, those of one time as they came. `start` is the time. */
  fetch(key: K, from: number, to: number): Iterable<Row<K, V>>;
  /** The same, backwards. */
  backwardFetch(key: K, from: number, to: number): Iterable<Row<K, V>>;
  /** Records of all keys with times in `[from, to]`, by time, those of one time as they came. */
  fetchAll(from: number, to: number): Iterable<Row<K, V>>;
  approximateEntries(): number;
}
