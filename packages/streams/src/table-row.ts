/** A row as a join finds it: its value, and its event time in ms. */
export interface TableRow<V> {
  readonly value: V;
  readonly timestamp: number;
}
