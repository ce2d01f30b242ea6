import { expectTypeOf, test } from "vitest";
import type { Booking } from "./booking.ts";
import { bookingClient } from "./booking-client.ts";

const booking = {
  id: "b1",
  subLocationId: "hall",
  eventName: "A booking",
  startDate: new Date(),
  endDate: 0,
};

test("emits answer at once, acknowledged ones later", () => {
  const client = bookingClient();
  expectTypeOf(client.bookingCreated(booking)).toEqualTypeOf<boolean>();
  expectTypeOf(client.acknowledged.bookingDeleted(booking)).toEqualTypeOf<Promise<void>>();
});

test("an update needs the booking as it was, and every booking a sub-location", () => {
  const client = bookingClient();
  expectTypeOf(client.bookingUpdated).parameter(1).toEqualTypeOf<Booking>();
  // @ts-expect-error what changed can't be computed
  client.bookingUpdated(booking);
  const { subLocationId: _, ...nowhere } = booking;
  // @ts-expect-error it has no sub-location
  client.bookingCreated(nowhere);
  // @ts-expect-error dates are dates or numbers
  client.bookingCreated({ ...booking, startDate: "2026-03-02" });
});
