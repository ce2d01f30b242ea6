/**
 * A key and the window it belongs to, in ms since the epoch (Kafka Streams' `Windowed`): `[start, end)`; sessions and
 * sliding windows include their end, `[start, end]`.
 */
export interface Windowed<K> {
  readonly key: K;
  readonly start: number;
  readonly end: number;
  /** True on the one record that is the window's last: nothing follows it. Not on the wire. */
  readonly final: boolean;
}
