/** What a table forwards: the new value of a key, and the one it replaces. Null is "no row". */
export interface Change<V> {
  readonly newValue: V | null;
  /** Only filled where a downstream operator asked for it (`sendOldValues` in Kafka Streams). */
  readonly oldValue: V | null;
}
