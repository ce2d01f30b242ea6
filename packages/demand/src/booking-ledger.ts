import { avroBinary } from "@millrace/avro";
import {
  closedWindows,
  days,
  hours,
  type KeyValueStoreDefinition,
  keyValueStore,
  string,
  type ValueProcessorDefinition,
  type Windowed,
} from "@millrace/streams";
import type { BookingEvent } from "@millrace/venue";
import { type Booking, bookingSchema, emptyBooking, hasSeen, touch } from "./booking.ts";
import type { DemandCounters } from "./counters.ts";
import { locationsStore } from "./locations-store.ts";

/** What an event changes in the hour in which its booking was created. */
export interface HourChange {
  /** 1: counted, -1: retracted, 0: as it was. */
  readonly bookings: -1 | 0 | 1;
  /** By how many the hour's attendees change. */
  readonly attendees: number;
}

export interface LedgerOptions {
  /** Of the hours that follow, ms. */
  readonly graceMs: number;
  readonly counters: DemandCounters;
}

/** Name of the store of the hours that follow: the ledger asks which of them were closed early. */
export const hoursStore = "bookings-by-hour";

/** Which of those hours were closed for want of input. */
export const closedHours: KeyValueStoreDefinition<Windowed<string>, Uint8Array> = closedWindows(
  hoursStore,
  string(),
  hours(1),
);

/** How long a booking is remembered after it was last touched, in stream time, ms. */
const rememberedFor = days(7);

type Stores = {
  readonly bookings: KeyValueStoreDefinition<string, Booking>;
  readonly locations: KeyValueStoreDefinition<string, string>;
  readonly closedEarly: KeyValueStoreDefinition<Windowed<string>, Uint8Array>;
};

/**
 * Remembers every booking, so that counts are right whatever is delivered twice or out of order, and forwards what an
 * event changes with the time at which its booking was created: it falls in that hour, however late it comes.
 */
export const bookingLedger = ({
  graceMs,
  counters,
}: LedgerOptions): ValueProcessorDefinition<string, BookingEvent, HourChange, Stores> => ({
  name: "bookingLedger",
  stores: {
    bookings: keyValueStore("bookings", { key: string(), value: avroBinary<Booking>(bookingSchema) }),
    locations: locationsStore,
    closedEarly: closedHours,
  },
  create: (context) => {
    const { bookings, locations, closedEarly } = context.stores;
    const touched = new TouchedBookings();
    for (const [key, booking] of bookings.all()) touched.add(key, booking.touchedAt);

    context.schedule(hours(1), "streamTime", (streamTime) => {
      for (const key of touched.before(streamTime - rememberedFor)) {
        const booking = bookings.get(key);
        if (booking !== undefined && booking.touchedAt <= streamTime - rememberedFor) bookings.delete(key);
      }
    });

    const isClosed = (subLocationId: string, time: number): boolean => {
      const start = time - (time % hours(1));
      const end = start + hours(1);
      return (
        end + graceMs <= context.streamTime ||
        closedEarly.has({ key: subLocationId, start, end, final: false })
      );
    };

    return ({ value: event }) => {
      const { subLocationId, action, timestamp } = event;
      const key = `${subLocationId}\n${event.eventId}`;
      const known = bookings.get(key) ?? emptyBooking;
      // A repetition is no news, also of an hour that has closed since.
      if (hasSeen(known, action, timestamp)) {
        counters.duplicates++;
        return;
      }
      // A correction belongs to the hour of its booking. One that comes before its CREATED can't be later than itself.
      const belongsTo = action === "CREATED" ? timestamp : (known.createdAt ?? timestamp);
      if (isClosed(subLocationId, belongsTo)) {
        context.dropLate();
        return;
      }
      const { booking, change } = apply(known, event);
      bookings.put(key, touch(booking, action, timestamp, context.streamTime));
      touched.add(key, context.streamTime);
      if (event.locationId !== null && change !== undefined) locations.put(subLocationId, event.locationId);
      if (change !== undefined && booking.createdAt !== null)
        context.forward({ value: change, timestamp: booking.createdAt });
    };
  },
});

interface Applied {
  readonly booking: Booking;
  /** Undefined where the event counted for nothing: a second CREATED, or one before its booking's CREATED. */
  readonly change: HourChange | undefined;
}

const apply = (known: Booking, event: BookingEvent): Applied => appliers[event.action](known, event);

const created = (known: Booking, { timestamp, attendees }: BookingEvent): Applied => {
  if (known.createdAt !== null || known.deleted) return { booking: known, change: undefined };
  // An UPDATED that came before may know better; of equal timestamps the one that came last does.
  const outdated = known.attendeesAt !== null && known.attendeesAt > timestamp;
  const booking = outdated
    ? { ...known, createdAt: timestamp }
    : { ...known, createdAt: timestamp, attendees: attendees ?? 0, attendeesAt: timestamp };
  return { booking, change: { bookings: 1, attendees: booking.attendees } };
};

const updated = (known: Booking, { timestamp, attendees }: BookingEvent): Applied => {
  const outdated = known.attendeesAt !== null && known.attendeesAt > timestamp;
  const booking = attendees === null || outdated ? known : { ...known, attendees, attendeesAt: timestamp };
  if (known.createdAt === null || known.deleted) return { booking, change: undefined };
  return { booking, change: { bookings: 0, attendees: booking.attendees - known.attendees } };
};

const deleted = (known: Booking): Applied => {
  const booking = { ...known, deleted: true };
  if (known.createdAt === null || known.deleted) return { booking, change: undefined };
  return { booking, change: { bookings: -1, attendees: -known.attendees } };
};

const appliers: Readonly<Record<BookingEvent["action"], (known: Booking, event: BookingEvent) => Applied>> = {
  CREATED: created,
  UPDATED: updated,
  DELETED: deleted,
};

/**
 * Keys by the hour of stream time in which they were touched: what has to be forgotten is found without a look at
 * the rest. Built anew from the store when a task starts.
 */
class TouchedBookings {
  readonly #byHour = new Map<number, Set<string>>();

  add(key: string, streamTime: number): void {
    const hour = Math.floor(streamTime / hours(1));
    const keys = this.#byHour.get(hour);
    if (keys === undefined) this.#byHour.set(hour, new Set([key]));
    else keys.add(key);
  }

  /** Takes out the keys of all hours that end at or before `time`. A key may have been touched again since. */
  *before(time: number): Iterable<string> {
    for (const [hour, keys] of this.#byHour)
      if ((hour + 1) * hours(1) <= time) {
        this.#byHour.delete(hour);
        yield* keys;
      }
  }
}
