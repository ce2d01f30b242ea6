import type { StreamRecord } from "../record.ts";

/**
 * What a function of a stream's operator is called with: the value first, because most need no more, then the key, then the
 * record itself, for its timestamp and its headers.
 */
export type OfRecord<K, V, R> = (value: V, key: K, record: StreamRecord<K, V>) => R;

/** The record that comes third, where the operator also takes tables: a row of theirs has none. */
export type OwnRecord<Kind, K, V> = [Kind] extends ["KStream"] ? StreamRecord<K, V> : undefined;
