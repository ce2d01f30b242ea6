import { partitionForKey } from "@millrace/streams";
import type { BookingEvent } from "@millrace/venue";

const hour = 3_600_000;

/** What a final record must say. */
export interface ExpectedHour {
  readonly subLocationId: string;
  readonly hour: number;
  readonly bookings: number;
  readonly attendees: number;
}

interface Known {
  readonly subLocationId: string;
  readonly hour: number;
  attendees: number;
  attendeesAt: number;
  deleted: boolean;
}

/**
 * The demand per sub-location and hour by another way than the pipeline's: everything in plain maps, the events of
 * each partition in the order they were sent. It knows what this demo sends, no more: CREATED comes first.
 */
export const expectedDemand = (
  events: readonly BookingEvent[],
  partitions: number,
  graceMs: number,
): readonly ExpectedHour[] => {
  const streamTimes = new Map<number, number>();
  const bookings = new Map<string, Known>();
  const taken = new Set<string>();
  for (const event of events) {
    const partition = partitionForKey(Buffer.from(event.subLocationId), partitions);
    const streamTime = Math.max(streamTimes.get(partition) ?? 0, event.timestamp);
    streamTimes.set(partition, streamTime);
    const once = `${event.eventId} ${event.action} ${event.timestamp}`;
    const known = bookings.get(event.eventId);
    const created = known?.hour ?? event.timestamp - (event.timestamp % hour);
    if (taken.has(once) || created + hour + graceMs <= streamTime) continue;
    taken.add(once);
    if (event.action === "CREATED" && known === undefined)
      bookings.set(event.eventId, {
        subLocationId: event.subLocationId,
        hour: created,
        attendees: event.attendees ?? 0,
        attendeesAt: event.timestamp,
        deleted: false,
      });
    if (event.action === "DELETED" && known !== undefined) known.deleted = true;
    if (event.action === "UPDATED" && known !== undefined && event.attendees !== null)
      if (event.timestamp >= known.attendeesAt) {
        known.attendees = event.attendees;
        known.attendeesAt = event.timestamp;
      }
  }
  const hours = Map.groupBy(bookings.values(), (booking) => `${booking.subLocationId} ${booking.hour}`);
  return [...hours.values()].map((members) => {
    const [first] = members;
    if (first === undefined) throw new Error("an hour without a booking");
    const counted = members.filter(({ deleted }) => !deleted);
    return {
      subLocationId: first.subLocationId,
      hour: first.hour,
      bookings: counted.length,
      attendees: counted.reduce((sum, { attendees }) => sum + attendees, 0),
    };
  });
};
