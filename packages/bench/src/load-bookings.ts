import type { SchemaRegistry } from "@millrace/avro";
import type { Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
import { booking, placeId } from "./booking.ts";
import { fillTopics } from "./fill-topics.ts";
import { bookingsTopic } from "./hourly-topics.ts";

/** 2026-01-01. Events are 10 ms apart: 2 million of them are five and a half hours. */
const start = 1_767_225_600_000;
const apartMs = 10;

export interface BookingsToLoad {
  readonly topic: string;
  readonly records: number;
  readonly keys: number;
}

/** Creates the topic and fills it with bookings of about 170 bytes, their keys drawn evenly. */
export const loadBookings = async (
  transport: Transport,
  registry: SchemaRegistry,
  { topic, records, keys }: BookingsToLoad,
): Promise<void> => {
  const { key: keySerde, value: valueSerde } = bookingsTopic(registry, topic);
  await valueSerde.start?.({ topic, part: "value", use: "sink" });
  const random = new SeededRandom(7);
  await fillTopics(transport, [topic], records, (n) => {
    const timestamp = start + n * apartMs;
    const subLocationId = placeId(random.below(keys));
    const key = Buffer.from(keySerde.serialize(subLocationId) ?? []);
    const value = valueSerde.serialize(booking(n, timestamp, subLocationId));
    return { topic, key, value, timestamp };
  });
};
