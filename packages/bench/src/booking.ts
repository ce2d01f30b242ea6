import type { BookingEvent } from "@millrace/venue";

/** The `n`-th booking: about 170 bytes of Avro. */
export const booking = (n: number, timestamp: number, subLocationId: string): BookingEvent => ({
  eventId: `65b1234567890abcdef${(n & 0xfffff).toString(16).padStart(5, "0")}`,
  action: n % 10 === 9 ? "DELETED" : n % 5 === 4 ? "UPDATED" : "CREATED",
  timestamp,
  subLocationId,
  locationId: n % 2 === 0 ? "65a1111111111111111111111" : null,
  eventName: `Booking number ${n % 1000}`,
  startDate: timestamp + 86_400_000,
  endDate: timestamp + 90_000_000,
  attendees: 1 + (n % 200),
  capacityDelta: null,
  previousAttendees: null,
});

/** Of one of so many places. */
export const placeId = (place: number): string => `65a9876543210fed${String(place).padStart(8, "0")}`;
