import type { SchemaRegistry } from "@millrace/avro";
import {
  aggregate,
  groupByKey,
  hours,
  map,
  peek,
  type Serde,
  stream,
  to,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "@millrace/streams";
import { bookingsTopic, totalsTopic } from "./hourly-topics.ts";

interface Tally {
  readonly bookings: number;
  readonly attendees: number;
}

/** 16 bytes, as the JVM's. */
const tallySerde: Serde<Tally> = {
  name: "tally",
  serialize: ({ bookings, attendees }) => {
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeDoubleBE(bookings, 0);
    bytes.writeDoubleBE(attendees, 8);
    return bytes;
  },
  deserialize: (source, start) => ({
    bookings: source.readDoubleBE(start),
    attendees: source.readDoubleBE(start + 8),
  }),
};

export interface HourlyOptions {
  readonly applicationId: string;
  readonly registry: SchemaRegistry;
  readonly input: string;
  readonly output: string;
  readonly onRecord: () => void;
}

/** Bookings and attendees per key and hour; `jvm/HourlyAggregation.java` is the same, operator by operator. */
export const hourlyTopology = ({
  applicationId,
  registry,
  input,
  output,
  onRecord,
}: HourlyOptions): Topology =>
  topology(
    applicationId,
    stream(bookingsTopic(registry, input)).pipe(
      peek(onRecord),
      groupByKey(),
      windowedBy(tumbling(hours(1), { grace: hours(1) })),
      aggregate({
        store: "hourly",
        value: tallySerde,
        init: () => ({ bookings: 0, attendees: 0 }),
        add: (tally, booking) => ({
          bookings: tally.bookings + 1,
          attendees: tally.attendees + (booking.attendees ?? 0),
        }),
      }),
      toStream(),
      map((tally, { key, start }) => [
        key,
        { subLocationId: key, hour: start, bookingsCount: tally.bookings, totalAttendees: tally.attendees },
      ]),
      to(totalsTopic(registry, output)),
    ),
  );
