import type { Headers } from "../record.ts";

/** One row of a store, as operators see it. What it shows changes when the store does: take what you need at once. */
export interface Row<K, V> {
  readonly key: K;
  /** Start of its window or session, or its own time, ms since the epoch; 0 in key-value stores. */
  readonly start: number;
  /** Undefined where it was deleted. */
  readonly value: V | undefined;
  /** ms, event time. */
  readonly timestamp: number;
}

/**
 * Told of a row when its change is flushed, with the value that was flushed before, and the headers of the record that
 * changed it last: the place to forward it.
 */
export type FlushListener<K, V, R extends Row<K, V> = Row<K, V>> = (
  row: R,
  old: V | undefined,
  headers: Headers,
) => void;

/** A store that tells of its changes. */
export interface RowSource<K, V, R extends Row<K, V> = Row<K, V>> {
  readonly name: string;
  /** Greatest time of the records that were read from the changelog, ms; -1 where none was. */
  readonly restoredTime: number;
  /** Adds a listener. They are told of each changed row once per flush, in the order in which they were added. */
  onFlush(listener: FlushListener<K, V, R>): void;
}
