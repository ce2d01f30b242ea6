import { type BookingEvent, bookingLoad, scenarios, SeededRandom } from "@millrace/venue";

const hour = 3_600_000;

/** A few venues over some hours, in the order of time, with updates, cancellations and repeated deliveries. */
export const demoBookings = (start: number, hours: number, seed: number): readonly BookingEvent[] => {
  const random = new SeededRandom(seed);
  const events = ["hall-1", "hall-2", "studio", "court", "garden"].flatMap((subLocationId, place) =>
    Array.from({ length: hours }, (_, n) => {
      const scenario = place === 0 && n === hours - 2 ? "PEAK_HOUR" : random.next() < 0.5 ? "NORMAL" : "LOW";
      const load = bookingLoad(scenario, {
        subLocationId,
        locationId: `venue-${place % 2}`,
        start: start + n * hour,
        seed: seed + place * 1_000 + n,
      });
      return load.filter(
        ({ timestamp }) => timestamp < start + (n + Math.min(1, scenarios[scenario].hours)) * hour,
      );
    }).flat(),
  );
  const example = Array.from({ length: 15 }, (_, n) =>
    arenaBooking(start + (hours - 2) * hour + n * 60_000, n),
  );
  events.push(...example);
  const repeated = events.filter(() => random.next() < 0.05);
  return [...events, ...repeated].toSorted((a, b) => a.timestamp - b.timestamp);
};

/** The system's own example is 15 bookings in an hour, with room for 100. */
const arenaBooking = (timestamp: number, n: number): BookingEvent => ({
  eventId: `arena-${n}`,
  action: "CREATED",
  timestamp,
  subLocationId: "arena",
  locationId: "venue-2",
  eventName: "Booking for the arena",
  startDate: timestamp + 24 * hour,
  endDate: timestamp + 25 * hour,
  attendees: 2,
  capacityDelta: null,
  previousAttendees: null,
});
