import type { SchemaRegistry } from "@millrace/avro";
import type { Transport } from "@millrace/streams";
import { bookingEventsDefaults } from "../topics.ts";
import type { BookingPublisher } from "./booking-publisher.ts";
import { BufferedPublisher } from "./buffered-publisher.ts";
import type { DeliverySettings } from "./delivery-settings.ts";

/** Through what a publisher sends, and to which topic. */
export interface BookingPublisherOptions extends DeliverySettings {
  /** Connected; it stays the caller's. Close the publisher first. */
  readonly transport: Transport;
  readonly registry: SchemaRegistry;
  readonly topic?: string;
}

/**
 * A publisher over a transport of the caller's. Registers the schema and looks at the topic before it resolves; rejects
 * when one of them can't be had. `bookingClient` does without any of that at start.
 */
export const createBookingPublisher = async (options: BookingPublisherOptions): Promise<BookingPublisher> => {
  const { transport, registry, topic = bookingEventsDefaults.defaultName } = options;
  const publisher = new BufferedPublisher({ transport, registry, topic }, options);
  await publisher.connect();
  return publisher;
};
