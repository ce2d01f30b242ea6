import { type BookingEvent, SeededRandom } from "@millrace/venue";
import { disputed, places, popUp, quiet, textOf } from "./places.ts";
import { dayStart, hour } from "./the-day.ts";

/** A record of the booking topic. */
export type Delivery =
  | { readonly kind: "booking"; readonly event: BookingEvent }
  /** Well-formed, and not to be believed. */
  | { readonly kind: "unbelievable"; readonly key: string; readonly event: BookingEvent }
  | { readonly kind: "undecodable"; readonly key: string; readonly value: Uint8Array | null };

const minute = 60_000;

interface Timed {
  readonly at: number;
  readonly delivery: Delivery;
}

/** Everything that is sent in the day, in the order in which it is sent. The same seed gives the same day. */
export const generateDay = (seed: number): readonly Delivery[] => {
  const random = new SeededRandom(seed);
  const timed: Timed[] = [];
  for (const { id: placeId, locationId } of places) {
    const id = textOf(placeId);
    const named = id === disputed ? "pavilion" : textOf(locationId);
    for (let h = 0; h < 24; h++) {
      const count = id === quiet ? (h === 7 || h === 19 ? 3 : 0) : random.below(h > 16 && h < 21 ? 7 : 4);
      for (let n = 0; n < count; n++)
        timed.push(...bookingLife(random, id, random.next() < 0.3 && id !== disputed ? null : named, h, n));
    }
  }
  for (let h = 0; h < 24; h += 3) timed.push(...bookingLife(random, popUp, "north", h, 0));
  timed.push(...poison());
  return timed.toSorted((a, b) => a.at - b.at).map(({ delivery }) => delivery);
};

/** What happens to one booking, each with when it is sent. */
const bookingLife = (
  random: SeededRandom,
  subLocationId: string,
  locationId: string | null,
  h: number,
  n: number,
): readonly Timed[] => {
  const chance = (probability: number): boolean => random.next() < probability;
  const sent: Timed[] = [];
  const createdAt = dayStart + h * hour + random.below(hour);
  const base = booking(`${subLocationId}-${h}-${n}`, subLocationId, locationId, createdAt);
  const send = (event: BookingEvent, delay: number): void => {
    const at = event.timestamp + delay;
    sent.push({ at, delivery: { kind: "booking", event } });
    // Once more: soon, or when its hour has long closed.
    if (chance(0.08))
      sent.push({ at: at + random.below(150 * minute), delivery: { kind: "booking", event } });
  };
  // In time, out of order, or so late that its hour may have closed.
  const delay = (): number =>
    chance(0.8) ? 0 : chance(0.85) ? random.below(4 * minute) : random.below(2 * hour);
  const attendees = (): number | null => (chance(0.15) ? null : random.below(40));

  const overtaken = chance(0.1);
  const createdDelay = overtaken ? 3 * minute + random.below(minute) : delay();
  send({ ...base, attendees: attendees() }, createdDelay);
  // The same booking created once more, at another time.
  if (chance(0.03)) send({ ...base, timestamp: createdAt + random.below(90 * minute), attendees: 500 }, 0);
  const later = (): number =>
    createdAt + 1 + random.below(overtaken ? 2 * minute : chance(0.8) ? 20 * minute : 3 * hour);
  for (let updates = chance(0.4) ? 1 + random.below(3) : 0; updates > 0; updates--) {
    const timestamp = later();
    send({ ...base, action: "UPDATED", timestamp, attendees: attendees() }, delay());
    // Another at the very same time, which is no repetition of one that came before or after an UPDATED of its kind.
    if (chance(0.05)) send({ ...base, action: "DELETED", timestamp, attendees: null }, minute);
  }
  if (chance(0.15)) send({ ...base, action: "DELETED", timestamp: later(), attendees: null }, delay());
  return sent;
};

const booking = (
  eventId: string,
  subLocationId: string,
  locationId: string | null,
  timestamp: number,
): BookingEvent => ({
  eventId,
  action: "CREATED",
  timestamp,
  subLocationId,
  locationId,
  eventName: "Rehearsal",
  // Of no concern: it may even end before it begins.
  startDate: timestamp + 48 * hour,
  endDate: timestamp + 47 * hour,
  attendees: 1,
  capacityDelta: null,
  previousAttendees: null,
});

/** All of it is dead-lettered, and none may move stream time: what claims to be of the evening comes in the morning. */
const poison = (): readonly Timed[] =>
  ["north-1", "south-1", "east-1", "west-1"].flatMap((key, n) => {
    const at = dayStart + (5 + n) * hour;
    const event = booking(`poison-${key}`, key, null, dayStart + 20 * hour);
    return [
      { kind: "unbelievable", key, event: { ...event, attendees: -1 } } as const,
      { kind: "unbelievable", key, event: { ...event, subLocationId: "another" } } as const,
      { kind: "unbelievable", key, event: { ...event, timestamp: Date.UTC(2100, 0, 1) } } as const,
      { kind: "unbelievable", key: "", event: { ...event, subLocationId: "" } } as const,
      { kind: "undecodable", key, value: Buffer.from("no avro at all") } as const,
      { kind: "undecodable", key, value: Buffer.from([0, 0, 0]) } as const,
      { kind: "undecodable", key, value: null } as const,
    ].map((delivery) => ({ at, delivery }));
  });
