import type { Booking } from "./booking.ts";
import type { BookingEvent } from "./schemas/booking-event.ts";
import { InvalidBookingError } from "./validate-booking.ts";

/** The event of a booking made at `at`, ms since the epoch. It had no attendees before. */
export const createdEvent = (booking: Booking, at: number): BookingEvent =>
  eventOf(booking, "CREATED", at, booking.attendees ?? null, 0);

/** The event of a booking cancelled at `at`: its attendees go from what they were to none. */
export const deletedEvent = (booking: Booking, at: number): BookingEvent =>
  eventOf(booking, "DELETED", at, 0, booking.attendees ?? null);

/**
 * The events of a booking changed at `at` from what it was before. One UPDATED, unless it moved to another
 * sub-location: that is a DELETED there and a CREATED here, as each sub-location counts for itself. A booking that
 * comes back to where it was is not counted there again: a DELETED is for good. Throws an InvalidBookingError
 * DIFFERENT_BOOKING when the two are not the same booking.
 */
export const updatedEvents = (booking: Booking, before: Booking, at: number): readonly BookingEvent[] => {
  if (booking.id !== before.id)
    throw new InvalidBookingError(
      "DIFFERENT_BOOKING",
      `booking "${booking.id}" can't be what became of booking "${before.id}"`,
    );
  if (booking.subLocationId !== before.subLocationId)
    return [deletedEvent(before, at), createdEvent(booking, at)];
  return [eventOf(booking, "UPDATED", at, booking.attendees ?? null, before.attendees ?? null)];
};

const eventOf = (
  booking: Booking,
  action: BookingEvent["action"],
  timestamp: number,
  attendees: number | null,
  previousAttendees: number | null,
): BookingEvent => ({
  eventId: booking.id,
  action,
  timestamp,
  subLocationId: booking.subLocationId,
  locationId: booking.locationId ?? null,
  eventName: booking.eventName,
  startDate: Number(booking.startDate),
  endDate: Number(booking.endDate),
  attendees,
  capacityDelta: attendees === null || previousAttendees === null ? null : attendees - previousAttendees,
  previousAttendees,
});
