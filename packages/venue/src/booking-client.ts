import { schemaRegistry, type SchemaRegistryOptions } from "@millrace/avro";
import { kafka, type KafkaOptions, MillraceError } from "@millrace/streams";
import { Environment, kafkaSettings, registrySettings } from "@millrace/service/settings";
import type { BookingPublisher } from "./publisher/booking-publisher.ts";
import { BufferedPublisher } from "./publisher/buffered-publisher.ts";
import type { DeliverySettings } from "./publisher/delivery-settings.ts";
import { bookingEventsDefaults } from "./topics.ts";

/** What is left out is read from the environment. */
export interface BookingClientSettings extends DeliverySettings {
  /** `KAFKA_BROKERS`, `KAFKA_CLIENT_ID` (venue-management-app), `KAFKA_SSL`, `KAFKA_SASL_*`. */
  readonly kafka?: KafkaOptions;
  /** `SCHEMA_REGISTRY_URL`, and `SCHEMA_REGISTRY_*` where it asks who we are. */
  readonly registry?: SchemaRegistryOptions;
  /** `KAFKA_TOPIC_BOOKING_EVENTS` (venue.booking.events). */
  readonly topic?: string;
}

// On the global object: a development server that loads modules anew, or a second copy of this package, finds the
// client that is there instead of opening connections beside it.
const slot = Symbol.for("@millrace/venue booking client");
const holder = globalThis as { [slot]?: BookingPublisher | undefined };

/**
 * The booking service's client: one per process. It connects at the first event, and never fails for want of Kafka;
 * settings that can't work throw, an EnvironmentError for variables. Settings count when it is made, by the first
 * call and by the first one after `close`; given while there is one already they throw a MillraceError `CONFIG`.
 */
export const bookingClient = (settings?: BookingClientSettings): BookingPublisher => {
  const existing = holder[slot];
  if (existing !== undefined && settings !== undefined)
    throw new MillraceError(
      "there is a booking client already: give settings to the first bookingClient() only, or close that client first",
      { code: "CONFIG" },
    );
  if (existing !== undefined) return existing;
  const client = open(settings ?? {}, () => {
    if (holder[slot] === client) holder[slot] = undefined;
  });
  holder[slot] = client;
  return client;
};

const open = (settings: BookingClientSettings, onClose: () => void): BookingPublisher => {
  const environment = new Environment();
  const connection = settings.kafka ?? kafkaSettings(environment, "venue-management-app");
  const registryOptions = settings.registry ?? registrySettings(environment);
  const topic =
    settings.topic ?? environment.topic("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName);
  environment.check();
  const log = settings.log && { log: settings.log };
  const transport = kafka({ ...log, ...connection });
  const registry = schemaRegistry({ ...log, ...registryOptions });
  return new BufferedPublisher({ transport, registry, topic, onClose }, settings);
};
