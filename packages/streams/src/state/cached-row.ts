import { type Headers, noHeaders } from "../record.ts";
import type { Row } from "./row.ts";

/** A row as it was at an earlier point. */
export interface SavedRow<V> {
  readonly value: V | undefined;
  readonly timestamp: number;
}

/** The same, of a row that has changed since. */
export interface ChangedRow<V> extends SavedRow<V> {
  /** Of the record that changed it last. */
  readonly headers: Headers;
}

/** A row that was not there, and came with a record without headers. */
export const absent: ChangedRow<never> = { value: undefined, timestamp: -1, headers: noHeaders };

/** A row as it was at the last commit. */
export interface CommittedRow<K, V> extends SavedRow<V> {
  readonly key: K;
  readonly start: number;
  readonly end: number;
  readonly value: V;
}

/** Such a row is not in its store any more; who still holds it may set it all the same. */
export const evicted = -2;

/**
 * A row and what is still to be done with it. It is its own write-cache entry: changing it ten times between two
 * flushes leaves it once in the dirty list.
 */
export class CachedRow<K, V> implements Row<K, V> {
  readonly key: K;
  readonly start: number;
  /** End of a session; sequence number among duplicates; otherwise 0. */
  readonly end: number;
  value: V | undefined;
  timestamp: number;
  /** Place in the dirty list; -1 when clean, `evicted` when it left a persistent store's cache. */
  dirtyAt = -1;
  /** As of the last flush, while dirty: what a table downstream knows, and the changelog. */
  saved: ChangedRow<V> | undefined = undefined;
  /** Era (see `CachedStore`) in whose undo list it is. */
  era = -1;
  /** The key's bytes, where the row was read with them. */
  keyBytes: Uint8Array | undefined = undefined;
  /** The same bytes as a string, one character each, for an index in key order: these compare faster. */
  order: string | undefined = undefined;

  constructor(key: K, start: number, end: number, value: V | undefined, timestamp: number) {
    this.key = key;
    this.start = start;
    this.end = end;
    this.value = value;
    this.timestamp = timestamp;
  }
}
