import type { Entry } from "./entry.ts";
import type { StateStore } from "./state-store.ts";

/** What a processor reads (Kafka Streams' `ReadOnlyKeyValueStore`). */
export interface ReadOnlyKeyValueStore<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  /** All entries whose serialized key lies in `[from, to]`, ordered by the bytes of the key. */
  range(from: K, to: K): Iterable<readonly [key: K, value: V]>;
  /** All entries, ordered by the bytes of the key. */
  all(): Iterable<readonly [key: K, value: V]>;
  approximateEntries(): number;
}

/** A store by key. Values are kept as they are given: treat them as immutable. */
export interface KeyValueStore<K, V> extends ReadOnlyKeyValueStore<K, V>, StateStore {
  /** `timestamp` (ms, event time) goes to the changelog record; the current record's by default. */
  put(key: K, value: V, timestamp?: number): void;
  delete(key: K, timestamp?: number): void;
  /** The row itself, for operators that also need its timestamp. */
  entry(key: K): Entry<K, V> | undefined;
}
