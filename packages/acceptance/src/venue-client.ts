import { schemaRegistry } from "@millrace/avro";
import { kafka, type Topic, type Transport } from "@millrace/streams";
import {
  type BookingPublisher,
  createBookingPublisher,
  type DemandHourly,
  demandHourlyTopic,
} from "@millrace/venue";
import { followTopic } from "@millrace/devstack";

/** What stands around `millrace-demand` in these tests: topics of its own, a publisher before it, a reader behind it. */
export interface VenueClient {
  readonly transport: Transport;
  readonly environment: Readonly<Record<string, string>>;
  readonly bookingEvents: string;
  readonly deadLetter: string;
  readonly publisher: BookingPublisher;
  readonly demandTopic: Topic<string, DemandHourly>;
  /** Every committed record of the demand topic, in order per sub-location. */
  readonly demand: readonly DemandHourly[];
  close(): Promise<void>;
}

/**
 * Waits until `done` holds; fails with what `state` says after `withinMs`. Where looking takes long it looks less often, up to
 * twice a second: who is asked, often by counting all that a database has, works for the test at the same time.
 */
export const until = async (
  done: () => boolean | Promise<boolean>,
  state: () => string,
  withinMs = 240_000,
): Promise<void> => {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const asked = Date.now();
    if (await done()) return;
    const now = Date.now();
    if (now > giveUp) throw new Error(`waited ${withinMs} ms in vain: ${state()}`);
    const pause = Math.min(500, Math.max(50, 4 * (now - asked)));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};

export const openVenue = async (
  brokers: string,
  registryUrl: string,
  name: string,
  partitions: number,
): Promise<VenueClient> => {
  const id = `${name}-${Date.now()}`;
  const bookingEvents = `${id}.bookings`;
  const demandHourly = `${id}.demand`;
  const deadLetter = `${id}.dead`;
  const transport = kafka({ brokers: brokers.split(",") });
  await transport.connect();
  const configs = { "retention.ms": "-1" };
  await transport.createTopics([
    { topic: bookingEvents, partitions, configs },
    { topic: demandHourly, partitions, configs },
  ]);
  const registry = schemaRegistry({ url: registryUrl });
  const demandTopic = demandHourlyTopic({ registry, name: demandHourly });
  await demandTopic.value.start?.({ topic: demandHourly, part: "value", use: "sink" });
  const publisher = await createBookingPublisher({ transport, registry, topic: bookingEvents });
  const demand: DemandHourly[] = [];
  const reader = await followTopic(transport, demandTopic, ({ value }) => demand.push(value));
  return {
    transport,
    bookingEvents,
    deadLetter,
    publisher,
    demandTopic,
    demand,
    environment: {
      KAFKA_BROKERS: brokers,
      SCHEMA_REGISTRY_URL: registryUrl,
      KAFKA_GROUP_ID_AGGREGATOR: id,
      KAFKA_TOPIC_BOOKING_EVENTS: bookingEvents,
      KAFKA_TOPIC_DEMAND_HOURLY: demandHourly,
      KAFKA_TOPIC_DEAD_LETTER: deadLetter,
      KAFKA_SESSION_TIMEOUT_MS: "3000",
      DEMAND_DEFAULT_CAPACITY: "100",
      DEMAND_IDLE_CLOSE_MS: "2000",
      LOG_LEVEL: "info",
    },
    close: async () => {
      await reader.close();
      await publisher.close();
      await transport.close();
    },
  };
};
