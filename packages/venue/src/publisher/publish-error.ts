import { MillraceError } from "@millrace/streams";

/** Why an event was not, or perhaps not, published. */
export type PublishErrorCode =
  /** Not acknowledged before the deadline. */
  | "DELIVERY_TIMEOUT"
  /** Too much is waiting already. */
  | "BUFFER_FULL"
  /** Kafka or the registry refuses, and trying again would change nothing. */
  | "REFUSED"
  /** The publisher was closed first. */
  | "CLOSED";

/** Whether an event that was not acknowledged may be in Kafka all the same. */
export type Whereabouts = "unsent" | "maybeSent";

/**
 * An event was not acknowledged. Publishing it again is harmless even when it is in Kafka already: whoever counts
 * bookings counts an (eventId, action, timestamp) once.
 */
export class PublishError extends MillraceError {
  override readonly name = "PublishError";
  declare readonly code: PublishErrorCode;
  readonly whereabouts: Whereabouts;

  constructor(code: PublishErrorCode, message: string, whereabouts: Whereabouts, options?: ErrorOptions) {
    super(message, { code, retriable: code !== "REFUSED" && code !== "CLOSED", ...options });
    this.whereabouts = whereabouts;
  }
}
