import type { BookingEvent } from "../schemas/booking-event.ts";
import { SeededRandom } from "./seeded-random.ts";

/** CREATED events per hour, and for how long. */
export const scenarios = {
  PEAK_HOUR: { perHour: 20, hours: 1 },
  NORMAL: { perHour: 5, hours: 2 },
  LOW: { perHour: 2, hours: 1 },
  RAPID_TEST: { perHour: 60, hours: 0.1 },
} as const;

/** The name of one of them. */
export type Scenario = keyof typeof scenarios;

/** Where and from when bookings are made, and which. */
export interface BookingLoadOptions {
  readonly subLocationId: string;
  readonly locationId?: string | undefined;
  /** Event time of the beginning, ms since the epoch. */
  readonly start: number;
  readonly seed: number;
}

/** Length of a scenario in event time, ms. */
export const spanOf = (scenario: Scenario): number => scenarios[scenario].hours * 3_600_000;

/**
 * The bookings of a scenario, in the order of their timestamps: so many CREATED, evenly spread with some jitter, and on
 * top of them some UPDATED and DELETED of the same bookings within the span. The same seed gives the same events.
 */
export const bookingLoad = (scenario: Scenario, options: BookingLoadOptions): readonly BookingEvent[] => {
  const random = new SeededRandom(options.seed);
  const { perHour, hours } = scenarios[scenario];
  const count = Math.round(perHour * hours);
  const span = spanOf(scenario);
  const events: BookingEvent[] = [];
  for (let n = 0; n < count; n++) {
    const at = options.start + Math.floor(((n + random.next()) * span) / count);
    const eventId = `${options.subLocationId}-${scenario.toLowerCase()}-${options.seed}-${n}`;
    const attendees = 1 + random.below(40);
    const created = booking(options, eventId, "CREATED", at, attendees, null, n);
    events.push(created);
    const later = (): number => at + 1 + random.below(Math.max(1, options.start + span - at - 1));
    let current = attendees;
    if (random.next() < 0.3) {
      const next = 1 + random.below(40);
      events.push(booking(options, eventId, "UPDATED", later(), next, current, n));
      current = next;
    }
    if (random.next() < 0.1) events.push(booking(options, eventId, "DELETED", later(), null, current, n));
  }
  return events
    .filter(({ timestamp }) => timestamp < options.start + span)
    .toSorted((a, b) => a.timestamp - b.timestamp);
};

const booking = (
  { subLocationId, locationId }: BookingLoadOptions,
  eventId: string,
  action: BookingEvent["action"],
  timestamp: number,
  attendees: number | null,
  previousAttendees: number | null,
  number: number,
): BookingEvent => ({
  eventId,
  action,
  timestamp,
  subLocationId,
  locationId: locationId ?? null,
  eventName: `Booking ${number}`,
  startDate: timestamp + 86_400_000,
  endDate: timestamp + 90_000_000,
  attendees,
  capacityDelta: attendees === null || previousAttendees === null ? null : attendees - previousAttendees,
  previousAttendees,
});
