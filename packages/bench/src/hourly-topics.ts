import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { avro, type SchemaRegistry } from "@millrace/avro";
import { string, type Topic, topic } from "@millrace/streams";
import { type BookingEvent, bookingEventSchema } from "@millrace/venue";

/** What comes out: one record per key, hour and commit in which it changed. */
export interface HourlyTotal {
  readonly subLocationId: string;
  /** Start of the hour, ms since the epoch. */
  readonly hour: number;
  readonly bookingsCount: number;
  readonly totalAttendees: number;
}

/** Both engines read their schemas from these files. */
export const bookingEventFile: string = fileURLToPath(
  new URL("../../../schemas/booking-event.avsc", import.meta.url),
);
export const hourlyTotalFile: string = fileURLToPath(
  new URL("../schemas/hourly-total.avsc", import.meta.url),
);

export const bookingsTopic = (registry: SchemaRegistry, name: string): Topic<string, BookingEvent> =>
  topic(name, { key: string(), value: avro<BookingEvent>({ registry, schema: bookingEventSchema }) });

export const totalsTopic = (registry: SchemaRegistry, name: string): Topic<string, HourlyTotal> =>
  topic(name, {
    key: string(),
    value: avro<HourlyTotal>({ registry, schema: JSON.parse(readFileSync(hourlyTotalFile, "utf8")) }),
  });
