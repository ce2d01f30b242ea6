import { expect, test } from "vitest";
import type { Booking } from "./booking.ts";
import { createdEvent, deletedEvent, updatedEvents } from "./booking-changes.ts";

const start = Date.parse("2026-03-02T10:00:00Z");
const booking: Booking = {
  id: "b1",
  subLocationId: "hall",
  eventName: "A wedding",
  startDate: new Date(start),
  endDate: start + 1,
  attendees: 40,
};

test("a new booking takes all its attendees from the capacity", () => {
  expect(createdEvent(booking, start)).toEqual({
    eventId: "b1",
    action: "CREATED",
    timestamp: start,
    subLocationId: "hall",
    locationId: null,
    eventName: "A wedding",
    startDate: start,
    endDate: start + 1,
    attendees: 40,
    capacityDelta: 40,
    previousAttendees: 0,
  });
});

test("a changed booking says by how many attendees", () => {
  const [event, ...more] = updatedEvents({ ...booking, attendees: 25, locationId: "park" }, booking, start);
  expect(event).toMatchObject({
    action: "UPDATED",
    attendees: 25,
    previousAttendees: 40,
    capacityDelta: -15,
    locationId: "park",
  });
  expect(more).toEqual([]);
});

test("nothing is computed from attendees that are not known", () => {
  const { attendees: _, ...unknown } = booking;
  expect(updatedEvents(booking, unknown, start)[0]).toMatchObject({
    attendees: 40,
    previousAttendees: null,
    capacityDelta: null,
  });
  expect(createdEvent({ ...booking, attendees: null }, start)).toMatchObject({
    attendees: null,
    capacityDelta: null,
  });
});

test("a cancelled booking gives all its attendees back", () => {
  expect(deletedEvent(booking, start)).toMatchObject({
    action: "DELETED",
    attendees: 0,
    previousAttendees: 40,
    capacityDelta: -40,
  });
});

test("a booking that moves is cancelled at the old sub-location and made at the new one", () => {
  const events = updatedEvents({ ...booking, subLocationId: "garden", attendees: 50 }, booking, start);
  expect(events).toMatchObject([
    { action: "DELETED", subLocationId: "hall", capacityDelta: -40 },
    { action: "CREATED", subLocationId: "garden", capacityDelta: 50 },
  ]);
});

test("refuses to compare two bookings", () => {
  expect(() => updatedEvents(booking, { ...booking, id: "b2" }, start)).toThrow(
    expect.objectContaining({ name: "InvalidBookingError", code: "DIFFERENT_BOOKING" }),
  );
});
