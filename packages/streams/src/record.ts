/** A header: its name and its bytes, null when it has none. */
export type Header = readonly [name: string, value: Buffer | null];

/** Headers in order; a name may occur more than once. */
export type Headers = readonly Header[];

/** Shared by all records without headers. */
export const noHeaders: Headers = Object.freeze([]);

/**
 * One record on its way through a topology (Kafka Streams' `api.Record`). Immutable: an operator that changes
 * something forwards a new one.
 */
export interface StreamRecord<K, V> {
  readonly key: K;
  readonly value: V;
  /** Event time, ms since the epoch. */
  readonly timestamp: number;
  readonly headers: Headers;
}
