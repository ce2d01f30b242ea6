/** A record that a broker would not take, as it was appended. */
export interface RefusedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  /** ms since the epoch. */
  readonly timestamp: number;
  /** In the broker's words, where it has any; else Kafka's name of the error. */
  readonly reason: string;
}
