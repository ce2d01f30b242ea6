/** A broker or the network refused. `kafkaError` is Kafka's name of it, e.g. "ILLEGAL_GENERATION". */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code = "TRANSPORT";
  /** Kafka's error name, or "NETWORK" when no broker answered. */
  readonly kafkaError: string;
  /** Whether asking again later can succeed with nothing changed on this side. */
  readonly retriable: boolean;

  constructor(message: string, kafkaError: string, retriable: boolean, options?: ErrorOptions) {
    super(message, options);
    this.kafkaError = kafkaError;
    this.retriable = retriable;
  }
}
