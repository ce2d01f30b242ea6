/** What a table forwards: the new value of a key, and the one it replaces. Null is "no row". */
export interface Change<V> {
  readonly newValue: V | null;
  /** Always there where a row was, whether or not anybody asks for it (`sendOldValues` in Kafka Streams). */
  readonly oldValue: V | null;
  /**
   * False for a change that came late to a versioned table: it is history there, and the row stays as it was
   * (`Change.isLatest`).
   */
  readonly isLatest: boolean;
}
