import { schemaRegistry } from "@millrace/avro";
import { type BookingEvent, bookingEventsTopic } from "@millrace/venue";
import { followTopic } from "@millrace/devstack";
import { until, type VenueClient } from "../venue-client.ts";

/** What is in the topic of late events, once there are so many. */
export const lateEvents = async (
  { transport, environment }: VenueClient,
  name: string,
  count: number,
): Promise<readonly BookingEvent[]> => {
  const events: BookingEvent[] = [];
  const topic = bookingEventsTopic({
    registry: schemaRegistry({ url: environment["SCHEMA_REGISTRY_URL"] ?? "" }),
    name,
  });
  await topic.value.start?.({ topic: name, part: "value", use: "sink" });
  const reader = await followTopic(transport, topic, ({ value }) => events.push(value));
  await until(
    () => events.length >= count,
    () => `${events.length} late events instead of ${count}`,
  );
  await reader.close();
  return events;
};
