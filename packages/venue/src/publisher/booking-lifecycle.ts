import type { Booking } from "../booking.ts";
import { createdEvent, deletedEvent, updatedEvents } from "../booking-changes.ts";
import type { BookingEvent } from "../schemas/booking-event.ts";
import type { ActionTimes } from "./action-times.ts";

/**
 * What a booking service says of its bookings. Each throws (or rejects with) an InvalidBookingError for a booking that
 * can't be.
 */
export interface BookingLifecycle<Result> {
  readonly bookingCreated: (booking: Booking) => Result;
  /** `before` is the booking as it was: what changed is computed from it. */
  readonly bookingUpdated: (booking: Booking, before: Booking) => Result;
  readonly bookingDeleted: (booking: Booking) => Result;
}

/**
 * Turns what is said of bookings into events; all events of one call are handed to `send` together. It makes them
 * itself, so that a booking that can't be fails where `send` fails: by throwing or by rejecting.
 */
export const bookingLifecycle = <Result>(
  times: ActionTimes,
  send: (events: () => readonly BookingEvent[]) => Result,
): BookingLifecycle<Result> => ({
  bookingCreated: (booking) => send(() => [createdEvent(booking, times.next(booking.id))]),
  bookingUpdated: (booking, before) => send(() => updatedEvents(booking, before, times.next(booking.id))),
  bookingDeleted: (booking) => send(() => [deletedEvent(booking, times.next(booking.id))]),
});
