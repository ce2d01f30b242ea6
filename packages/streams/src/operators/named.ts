/** What every operator takes (Kafka Streams' `Named`). */
export interface Named {
  /** For `describe()` and error messages; otherwise the operator is numbered. */
  readonly name?: string;
}
