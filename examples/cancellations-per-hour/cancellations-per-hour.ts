import {
  aggregate,
  filter,
  groupByKey,
  hours,
  json,
  map,
  minutes,
  stream,
  string,
  to,
  type Topic,
  type Topology,
  topic,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "@millrace/streams";
import type { BookingEvent } from "@millrace/venue";

/** How many bookings of a sub-location were cancelled within a UTC hour. */
export interface Cancellations {
  readonly subLocationId: string;
  /** Start of the hour, ISO 8601. */
  readonly hour: string;
  readonly cancellations: number;
}

export const cancellations: Topic<string, Cancellations> = topic("venue.cancellations.hourly", {
  key: string(),
  value: json<Cancellations>(),
});

/** Of a venue's bookings, those that were cancelled: one record per hour and sub-location, when the hour is over. */
export const cancellationsPerHour = (bookings: Topic<string, BookingEvent>): Topology =>
  topology(
    "cancellations-per-hour",
    stream(bookings).pipe(
      filter(({ action }) => action === "DELETED"),
      groupByKey(),
      windowedBy(tumbling(hours(1), { grace: minutes(5) }), {
        emit: "finals",
        // The other bookings move time too, and where there are none, the wall clock does.
        streamTime: "task",
        closeOnIdle: minutes(1),
      }),
      // Their ids instead of a number: an event that comes twice still counts once.
      aggregate({
        store: "cancelled",
        value: json<readonly string[]>(),
        init: () => [],
        add: (ids, { eventId }) => (ids.includes(eventId) ? ids : [...ids, eventId]),
      }),
      toStream(),
      map((ids, { key: subLocationId, start }) => [
        subLocationId,
        { subLocationId, hour: new Date(start).toISOString(), cancellations: ids.length },
      ]),
      to(cancellations),
    ),
  );
