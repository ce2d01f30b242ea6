import { partitionForKey } from "@millrace/streams";
import type { BookingEvent, DemandHourly } from "@millrace/venue";
import type { Delivery } from "./generate-day.ts";
import type { HistoryDocument } from "./history.ts";
import { localHour } from "./local-hour.ts";
import { type Place, textOf } from "./places.ts";
import { day, defaultCapacity, graceMs, hour } from "./the-day.ts";

/** A final record, but for when it was computed. */
export type ExpectedFinal = Omit<DemandHourly, "final" | "timestamp">;

export interface ExpectedDemand {
  readonly finals: readonly ExpectedFinal[];
  /** Dropped, in the order of each partition. */
  readonly late: readonly BookingEvent[];
  /** Repetitions that changed nothing. */
  readonly duplicates: number;
  readonly deadLetters: number;
}

interface KnownBooking {
  readonly subLocationId: string;
  createdAt: number | undefined;
  deleted: boolean;
  /** What set the attendees, by arrival. */
  readonly attendees: { readonly at: number; readonly count: number }[];
  readonly seen: Set<string>;
}

const hourOf = (time: number): number => time - (time % hour);

/** What the pipeline must make of these deliveries, counted by the rules and by nothing of the pipeline's. */
export const expectedDemand = (
  deliveries: readonly Delivery[],
  partitions: number,
  places: readonly Place[],
  imported: readonly HistoryDocument[],
): ExpectedDemand => {
  const streamTimes = new Map<number, number>();
  const bookings = new Map<string, KnownBooking>();
  const namedLocations = new Map<string, string>();
  const late: BookingEvent[] = [];
  let duplicates = 0;
  let deadLetters = 0;

  for (const delivery of deliveries) {
    if (delivery.kind !== "booking") {
      deadLetters++;
      continue;
    }
    const { event } = delivery;
    const { subLocationId, eventId, action, timestamp, locationId } = event;
    const partition = partitionForKey(Buffer.from(subLocationId), partitions);
    const streamTime = Math.max(streamTimes.get(partition) ?? 0, timestamp);
    streamTimes.set(partition, streamTime);

    const id = `${subLocationId} ${eventId}`;
    const known = bookings.get(id);
    if (known?.seen.has(`${action} ${timestamp}`)) {
      duplicates++;
      continue;
    }
    let corrected = hourOf(timestamp);
    if (action !== "CREATED" && known?.createdAt !== undefined) corrected = hourOf(known.createdAt);
    if (streamTime >= corrected + hour + graceMs) {
      late.push(event);
      continue;
    }

    const booking: KnownBooking = known ?? {
      subLocationId,
      createdAt: undefined,
      deleted: false,
      attendees: [],
      seen: new Set(),
    };
    bookings.set(id, booking);
    booking.seen.add(`${action} ${timestamp}`);
    let counted = booking.createdAt !== undefined && !booking.deleted;
    if (action === "CREATED") {
      if (booking.createdAt !== undefined || booking.deleted) continue;
      booking.createdAt = timestamp;
      booking.attendees.push({ at: timestamp, count: event.attendees ?? 0 });
      counted = true;
    } else if (action === "UPDATED") {
      if (event.attendees !== null) booking.attendees.push({ at: timestamp, count: event.attendees });
    } else {
      booking.deleted = true;
    }
    if (counted && locationId !== null) namedLocations.set(subLocationId, locationId);
  }

  const hours = new Map<string, { subLocationId: string; hour: number; count: number; attendees: number }>();
  for (const { subLocationId, createdAt, deleted, attendees } of bookings.values()) {
    if (createdAt === undefined) continue;
    const key = `${subLocationId} ${hourOf(createdAt)}`;
    const sums = hours.get(key) ?? { subLocationId, hour: hourOf(createdAt), count: 0, attendees: 0 };
    hours.set(key, sums);
    if (deleted) continue;
    let latest = { at: -1, count: 0 };
    for (const one of attendees) if (one.at >= latest.at) latest = one;
    sums.count += 1;
    sums.attendees += latest.count;
  }

  const history = new Map<string, Map<number, number>>();
  const samplesOf = (subLocationId: string): Map<number, number> => {
    const samples = history.get(subLocationId) ?? new Map<number, number>();
    history.set(subLocationId, samples);
    return samples;
  };
  for (const { subLocationId, timestamp, demandPressure } of imported)
    samplesOf(textOf(subLocationId)).set(hourOf(timestamp.getTime()), demandPressure);

  const finals: ExpectedFinal[] = [];
  for (const { subLocationId, hour: start, count, attendees } of [...hours.values()].toSorted(
    (a, b) => a.hour - b.hour,
  )) {
    const place = places.find(({ id }) => textOf(id) === subLocationId);
    const capacity = place === undefined ? defaultCapacity : Math.max(0, place.capacity);
    const pressure = capacity > 0 ? count / (capacity / 100) : 0;
    const slot = localHour(start);
    const samples = samplesOf(subLocationId);
    let sum = 0;
    let number = 0;
    for (const [at, sample] of [...samples].toSorted(([a], [b]) => a - b)) {
      const { dayOfWeek, hour: hourOfDay } = localHour(at);
      if (dayOfWeek !== slot.dayOfWeek || hourOfDay !== slot.hour) continue;
      if (at >= start || at < start - 30 * day) continue;
      sum += sample;
      number += 1;
    }
    const mean = number > 0 ? sum / number : null;
    finals.push({
      subLocationId,
      locationId: namedLocations.get(subLocationId) ?? (place ? textOf(place.locationId) : null),
      hour: start,
      bookingsCount: count,
      totalAttendees: attendees,
      availableCapacity: capacity,
      capacityUtilization: capacity > 0 ? (100 * attendees) / capacity : 0,
      demandPressure: pressure,
      historicalAvgPressure: mean,
      historySamples: number,
      pressureDelta: mean === null ? null : pressure - mean,
    });
    if (capacity > 0) samples.set(start, pressure);
  }
  return { finals, late, duplicates, deadLetters };
};
