/** Events, counted since the publisher was made. Every accepted one ends as sent, expired, refused or unsent. */
export interface PublisherCounters {
  readonly accepted: number;
  /** Acknowledged by Kafka. */
  readonly sent: number;
  /** Never accepted: not valid. */
  readonly invalid: number;
  /** Never accepted: too much was waiting, or the publisher was closed. */
  readonly dropped: number;
  /** Awaited ones that were given up at their deadline. */
  readonly expired: number;
  /** Kafka or the registry will not take them. */
  readonly refused: number;
  /** Left over when the publisher closed. */
  readonly unsent: number;
  /** Attempts that failed. */
  readonly failures: number;
  /** Waiting now. */
  readonly buffered: number;
  readonly bufferedBytes: number;
}
