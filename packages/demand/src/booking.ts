import type { BookingEvent } from "@millrace/venue";
import type { AvroSchema } from "@millrace/avro";

/** What the ledger knows of a booking. */
export interface Booking {
  /** When it was created, ms; null until its CREATED has come and counted. */
  readonly createdAt: number | null;
  /** The latest known. */
  readonly attendees: number;
  /** Timestamp of the event that set the attendees, ms. */
  readonly attendeesAt: number | null;
  /** Retracted, for good. */
  readonly deleted: boolean;
  /** Stream time when an event last changed it, ms. */
  readonly touchedAt: number;
  /**
   * Every event that was taken, by timestamp and action. A repetition of any of them must be told from news, and a
   * booking has few events in the days that it is remembered, so none is forgotten before the booking is.
   */
  readonly seen: readonly number[];
}

export const emptyBooking: Booking = {
  createdAt: null,
  attendees: 0,
  attendeesAt: null,
  deleted: false,
  touchedAt: -1,
  seen: [],
};

export const bookingSchema: AvroSchema<Booking> = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "createdAt", type: ["null", "long"] },
    { name: "attendees", type: "int" },
    { name: "attendeesAt", type: ["null", "long"] },
    { name: "deleted", type: "boolean" },
    { name: "touchedAt", type: "long" },
    { name: "seen", type: { type: "array", items: "long" } },
  ],
};

const actions: readonly BookingEvent["action"][] = ["CREATED", "UPDATED", "DELETED"];

/** Timestamp and action in one number. */
const fingerprint = (action: BookingEvent["action"], timestamp: number): number =>
  timestamp * actions.length + actions.indexOf(action);

export const hasSeen = (booking: Booking, action: BookingEvent["action"], timestamp: number): boolean =>
  booking.seen.includes(fingerprint(action, timestamp));

/** The booking after an event was taken. */
export const touch = (
  booking: Booking,
  action: BookingEvent["action"],
  timestamp: number,
  streamTime: number,
): Booking => ({
  ...booking,
  touchedAt: streamTime,
  seen: [...booking.seen, fingerprint(action, timestamp)],
});
