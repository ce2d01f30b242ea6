import type { SchemaRegistry } from "@millrace/avro";
import {
  aggregate,
  groupByKey,
  hours,
  type Log,
  mapAsync,
  process,
  processValues,
  stream,
  to,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "@millrace/streams";
import { bookingEventsTopic, demandHourlyTopic, validateBooking } from "@millrace/venue";
import { bookingLedger, closedHours, hoursStore } from "./booking-ledger.ts";
import { type CapacityLookup, withCapacity } from "./capacity.ts";
import type { DemandCounters } from "./counters.ts";
import { pressureHistory } from "./pressure-history.ts";
import { addChange, emptyTally, tallySerde } from "./tally.ts";

/** What the demand topology is made from. Durations in ms. */
export interface DemandOptions {
  readonly applicationId: string;
  readonly registry: SchemaRegistry;
  readonly bookingEvents: string;
  readonly demandHourly: string;
  /** How long after its end an hour still takes events, in stream time, ms. */
  readonly graceMs: number;
  /** How long a partition is quiet before its hours close by the wall clock, ms; 0: never. */
  readonly idleCloseMs: number;
  /** How far ahead of the wall clock an event may be, ms. */
  readonly maxAheadMs: number;
  /** IANA; decides which hours of the week are compared. */
  readonly timeZone: string;
  readonly capacity?: CapacityLookup | undefined;
  readonly defaultCapacity?: number | undefined;
  readonly counters: DemandCounters;
  readonly log: Log;
  /** Wall clock, ms since the epoch. */
  readonly now?: () => number;
}

/** Bookings in, hourly demand out. */
export const demandTopology = (options: DemandOptions): Topology => {
  const { registry, graceMs, idleCloseMs, maxAheadMs, now = Date.now } = options;

  // The payload's time is what counts. An event that must not be believed is dead-lettered before it moves time.
  const bookingEvents = bookingEventsTopic({
    registry,
    name: options.bookingEvents,
    timestamp: ({ key, value }) => {
      validateBooking(key, value, now(), maxAheadMs);
      return value.timestamp;
    },
  });
  const demandHourly = demandHourlyTopic({ registry, name: options.demandHourly });

  return topology(
    options.applicationId,
    stream(bookingEvents).pipe(
      processValues(bookingLedger(options)),
      groupByKey(),
      windowedBy(tumbling(hours(1), { grace: graceMs }), {
        emit: "both",
        streamTime: "task",
        ...(idleCloseMs > 0 && { closeOnIdle: idleCloseMs, closedStore: closedHours }),
      }),
      aggregate({ store: hoursStore, value: tallySerde, init: emptyTally, add: addChange }),
      toStream(),
      // In order per sub-location, not per hour: what is final first is history for what follows.
      mapAsync(withCapacity({ ...options, lookup: options.capacity }), {
        concurrency: 32,
        orderBy: ({ key }) => key,
      }),
      process(pressureHistory(options.timeZone, options.counters)),
      to(demandHourly),
    ),
  );
};
