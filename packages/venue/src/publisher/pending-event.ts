import type { BookingEvent } from "../schemas/booking-event.ts";
import type { PublishError } from "./publish-error.ts";

/** What became of an event: undefined when Kafka has it. */
export type Outcome = PublishError | undefined;

/** An event from its acceptance to its outcome. */
export interface PendingEvent {
  readonly event: BookingEvent;
  /** Key and value as they are sent. */
  readonly bytes: number;
  /** Somebody waits for the outcome: what can't be delivered is theirs to handle, and no longer waits here. */
  readonly awaited: boolean;
  /** When it was accepted, on the monotonic clock, ms. */
  readonly since: number;
  /** It went on the wire at least once: without an acknowledgement nobody knows whether it arrived. */
  attempted: boolean;
  /** Never rejects, so that nobody has to listen. */
  readonly outcome: Promise<Outcome>;
  readonly settle: (outcome: Outcome) => void;
}

export const pendingEvent = (
  event: BookingEvent,
  bytes: number,
  awaited: boolean,
  since: number,
): PendingEvent => {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  return { event, bytes, awaited, since, attempted: false, outcome: promise, settle: resolve };
};
