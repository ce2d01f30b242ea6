import type { SchemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
import { booking, placeId } from "./booking.ts";
import { bookingsTopic } from "./hourly-topics.ts";

/** 2026-01-01. Events are 10 ms apart: 2 million of them are five and a half hours. */
const start = 1_767_225_600_000;
const apartMs = 10;
/** Bytes between two sends. */
const sendBytes = 8 * 1024 * 1024;

export interface BookingsToLoad {
  readonly topic: string;
  readonly records: number;
  readonly keys: number;
  readonly partitions: number;
}

/** Creates the topic and fills it with bookings of about 170 bytes, their keys drawn evenly. */
export const loadBookings = async (
  transport: Transport,
  registry: SchemaRegistry,
  { topic, records, keys, partitions }: BookingsToLoad,
): Promise<void> => {
  await transport.createTopics([{ topic, partitions, configs: { "retention.ms": "-1" } }]);
  const { key: keySerde, value: valueSerde } = bookingsTopic(registry, topic);
  await valueSerde.start?.({ topic, part: "value", use: "sink" });
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics([topic]);
  const random = new SeededRandom(7);
  for (let n = 0; n < records; n++) {
    const timestamp = start + n * apartMs;
    const subLocationId = placeId(random.below(keys));
    const key = Buffer.from(keySerde.serialize(subLocationId) ?? []);
    const value = valueSerde.serialize(booking(n, timestamp, subLocationId));
    producer.append(topic, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
    if (producer.bufferedBytes > sendBytes) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};
