/** A key and the window it belongs to: `[start, end)` in ms since the epoch (Kafka Streams' `Windowed`). */
export interface Windowed<K> {
  readonly key: K;
  readonly start: number;
  readonly end: number;
  /** True on the one record that is the window's last: nothing follows it. Not on the wire. */
  readonly final: boolean;
}
