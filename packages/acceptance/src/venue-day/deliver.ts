import { schemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey } from "@millrace/streams";
import { bookingEventsTopic } from "@millrace/venue";
import type { VenueClient } from "../venue-client.ts";
import type { Delivery } from "./generate-day.ts";

/** Sends deliveries in their order: bookings as a booking service does, the rest past the publisher's checks. */
export const deliver = async (
  { transport, publisher, bookingEvents, environment }: VenueClient,
  deliveries: readonly Delivery[],
  partitions: number,
): Promise<void> => {
  const registry = schemaRegistry({ url: environment["SCHEMA_REGISTRY_URL"] ?? "" });
  const topic = bookingEventsTopic({ registry, name: bookingEvents });
  await topic.value.start?.({ topic: bookingEvents, part: "value", use: "sink" });
  const raw = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await raw.prepareTopics([bookingEvents]);
  let timestamp = 0;
  for (const delivery of deliveries) {
    if (delivery.kind === "booking") {
      if (!publisher.emit(delivery.event)) throw new Error("the publisher has no room for the day");
      timestamp = delivery.event.timestamp;
      continue;
    }
    await publisher.flush();
    const key = Buffer.from(delivery.key);
    const value = delivery.kind === "undecodable" ? delivery.value : topic.value.serialize(delivery.event);
    raw.append(bookingEvents, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
    await raw.flush();
  }
  await publisher.flush();
  await raw.close();
};
