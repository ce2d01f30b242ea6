import type { RowSource } from "./row.ts";

/** One version of a key's value (Kafka Streams' `VersionedRecord`): valid in `[timestamp, validTo)`, ms. */
export interface VersionedRecord<V> {
  readonly value: V;
  readonly timestamp: number;
  /** Infinite for the latest. */
  readonly validTo: number;
}

/** One change of a versioned store. */
export interface VersionedPut {
  /** Time of the next version, at which this one ends, ms; infinite when this is the latest. */
  readonly validTo: number;
}

/** What a processor reads (Kafka Streams' `VersionedKeyValueStore`; KIP-889, KIP-968). Times in ms. */
export interface ReadOnlyVersionedStore<K, V> {
  /** The latest version; undefined where that is a deletion. */
  get(key: K): VersionedRecord<V> | undefined;
  /**
   * The version that was valid at that time. The latest version never expires; others can't be read any more once `asOf` is
   * before the greatest time ever put minus the history retention.
   */
  get(key: K, asOf: number): VersionedRecord<V> | undefined;
  /** Versions that were valid at some time in `[from, to]`, ordered by time, as far back as the history is kept. */
  fetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>>;
  /** The same, backwards. */
  backwardFetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>>;
  /** Number of keys. */
  approximateEntries(): number;
}

/**
 * A store of all versions of each key's value within the history retention. Every change goes to the changelog at once,
 * in the order of the puts, as on the JVM: the order decides what is too old. Its rows are told with all versions.
 */
export interface VersionedStore<K, V> extends ReadOnlyVersionedStore<K, V>, RowSource<K, unknown> {
  /**
   * Puts the version that begins at `timestamp`; null is a deletion from then on. Undefined, and nothing is kept, when
   * `timestamp` is before the greatest one ever put minus the history retention.
   */
  put(key: K, value: V | null, timestamp: number): VersionedPut | undefined;
  /** `put` of null; answers what was valid at that time. */
  delete(key: K, timestamp: number): VersionedRecord<V> | undefined;
  /**
   * The store as of the last commit that is durable: what interactive queries read, and a crash can't take back. It
   * follows the store: each read shows what is committed then.
   */
  committedView(): ReadOnlyVersionedStore<K, V>;
}
