import { avro, type SchemaRegistry } from "@millrace/avro";
import { days, string, type Topic, topic, type TopicOptions } from "@millrace/streams";
import { type BookingEvent, bookingEventSchema } from "./schemas/booking-event.ts";
import { type DemandHourly, demandHourlySchema } from "./schemas/demand-hourly.ts";

/** How a topic of the venue is created when asked for. */
export interface VenueTopic {
  readonly defaultName: string;
  readonly partitions: number;
  readonly retentionMs: number;
}

/** Bookings as they happen: `venue.booking.events`, kept 7 days. */
export const bookingEventsDefaults: VenueTopic = {
  defaultName: "venue.booking.events",
  partitions: 6,
  retentionMs: days(7),
};
/** Demand per hour: `venue.demand.hourly`, kept 30 days. */
export const demandHourlyDefaults: VenueTopic = {
  defaultName: "venue.demand.hourly",
  partitions: 6,
  retentionMs: days(30),
};

/** The registry of a topic's schema, and what differs from its defaults. */
export interface VenueTopicOptions<V> {
  readonly registry: SchemaRegistry;
  readonly name?: string;
  readonly timestamp?: NonNullable<TopicOptions<string, V>["timestamp"]>;
}

/** Bookings as they happen, by sub-location. */
export const bookingEventsTopic = ({
  registry,
  name = bookingEventsDefaults.defaultName,
  timestamp,
}: VenueTopicOptions<BookingEvent>): Topic<string, BookingEvent> =>
  topic(name, {
    key: string(),
    value: avro<BookingEvent>({ registry, schema: bookingEventSchema }),
    ...(timestamp && { timestamp }),
  });

/** Demand per hour, by sub-location. */
export const demandHourlyTopic = ({
  registry,
  name = demandHourlyDefaults.defaultName,
  timestamp,
}: VenueTopicOptions<DemandHourly>): Topic<string, DemandHourly> =>
  topic(name, {
    key: string(),
    value: avro<DemandHourly>({ registry, schema: demandHourlySchema }),
    ...(timestamp && { timestamp }),
  });
