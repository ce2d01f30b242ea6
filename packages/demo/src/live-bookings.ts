import { type BookingEvent, type BookingPublisher, SeededRandom } from "@millrace/venue";
import { subLocations } from "./venues.ts";

const hour = 3_600_000;
/** A new booking at every so many events: the others change those that are there, so that demand stays what venues have. */
const perBooking = 60;
const pauseMs = 400;

/** What bookings go to, and what can't be read as one. */
export interface LiveBookingsOptions {
  readonly publisher: Pick<BookingPublisher, "publish">;
  /** Sends bytes in place of a booking, and a booking whatever it says: a publisher refuses what nobody can take. */
  readonly sendBytes: (key: string, bytes: Uint8Array | null) => Promise<unknown>;
  readonly encode: (booking: BookingEvent) => Uint8Array | null;
  /** Further ahead of the clock an event is dead-lettered, ms. */
  readonly maxAheadMs: number;
  readonly signal: AbortSignal;
}

/**
 * Bookings as they come, a few a second, until it is told to stop. First of all two that nobody can take: one that is no
 * booking, and one by a clock that is ahead, which can be replayed half a minute later.
 */
export const liveBookings = async ({
  publisher,
  sendBytes,
  encode,
  maxAheadMs,
  signal,
}: LiveBookingsOptions): Promise<void> => {
  const random = new SeededRandom(11);
  const known: BookingEvent[] = [];
  await sendBytes("studio", Buffer.from("this is no booking"));
  const ahead = created(`ahead-${Date.now()}`, "garden", Date.now() + maxAheadMs + 30_000);
  await sendBytes("garden", encode(ahead));
  for (let n = 0; !signal.aborted; n++) {
    const place = subLocations[Math.floor(random.next() * subLocations.length)];
    const before = known[Math.floor(random.next() * known.length)];
    if (place === undefined) throw new Error("the demo has no sub-locations");
    if (n % perBooking === 0 || before === undefined) {
      const booking = created(`live-${Date.now()}-${n}`, place.id, Date.now());
      known.push(booking);
      // Changes of an hour that has closed would be late.
      while ((known[0]?.timestamp ?? Infinity) < Date.now() - (Date.now() % hour)) known.shift();
      await publisher.publish(booking);
    } else {
      const attendees = 1 + Math.floor(random.next() * 40);
      await publisher.publish({ ...before, action: "UPDATED", timestamp: Date.now(), attendees });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

const created = (eventId: string, subLocationId: string, timestamp: number): BookingEvent => ({
  eventId,
  action: "CREATED",
  timestamp,
  subLocationId,
  locationId: subLocations.find(({ id }) => id === subLocationId)?.locationId ?? null,
  eventName: `Booking for the ${subLocationId}`,
  startDate: timestamp + 24 * hour,
  endDate: timestamp + 25 * hour,
  attendees: 12,
  capacityDelta: null,
  previousAttendees: null,
});
