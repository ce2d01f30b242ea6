import { MillraceError } from "@millrace/streams";
import type { BookingEvent } from "./schemas/booking-event.ts";

/** Why an event is not to be believed. */
export type InvalidBookingCode =
  | "EMPTY_SUB_LOCATION"
  | "EMPTY_EVENT_ID"
  | "DIFFERENT_BOOKING"
  | "KEY_MISMATCH"
  | "NEGATIVE_ATTENDEES"
  | "NEGATIVE_TIMESTAMP"
  | "TOO_FAR_AHEAD"
  | "NOT_ENCODABLE";

/** A booking event that is well-formed Avro and still not to be believed. */
export class InvalidBookingError extends MillraceError {
  override readonly name = "InvalidBookingError";
  constructor(code: InvalidBookingCode, message: string) {
    super(message, { code });
  }
}

/**
 * Throws an InvalidBookingError for an event that must not be counted. `now` and `maxAheadMs` in ms: one fast clock
 * must not make other people's bookings late. startDate after endDate is nobody's business here.
 */
export const validateBooking = (key: string, event: BookingEvent, now: number, maxAheadMs: number): void => {
  const { subLocationId, eventId, attendees, timestamp } = event;
  if (subLocationId === "") throw new InvalidBookingError("EMPTY_SUB_LOCATION", "subLocationId is empty");
  if (eventId === "") throw new InvalidBookingError("EMPTY_EVENT_ID", "eventId is empty");
  if (key !== subLocationId)
    throw new InvalidBookingError(
      "KEY_MISMATCH",
      `the key is "${key}", and the subLocationId "${subLocationId}"`,
    );
  if (attendees !== null && attendees < 0)
    throw new InvalidBookingError("NEGATIVE_ATTENDEES", `attendees is ${attendees}`);
  if (timestamp < 0) throw new InvalidBookingError("NEGATIVE_TIMESTAMP", `timestamp is ${timestamp}`);
  if (timestamp > now + maxAheadMs)
    throw new InvalidBookingError(
      "TOO_FAR_AHEAD",
      `timestamp ${timestamp} is ${timestamp - now} ms ahead of the clock, and ${maxAheadMs} ms are allowed`,
    );
};
