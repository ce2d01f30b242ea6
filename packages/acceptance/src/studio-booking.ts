import type { BookingEvent } from "@millrace/venue";

/** A booking of three in the sub-location "studio", created at `timestamp` (ms since the epoch). */
export const studioBooking = (eventId: string, timestamp: number): BookingEvent => ({
  eventId,
  action: "CREATED",
  timestamp,
  subLocationId: "studio",
  locationId: null,
  eventName: "a concert",
  startDate: timestamp,
  endDate: timestamp,
  attendees: 3,
  capacityDelta: null,
  previousAttendees: null,
});
