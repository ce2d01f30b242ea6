import type { SchemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
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
    const subLocationId = `65a9876543210fed${String(random.below(keys)).padStart(8, "0")}`;
    const key = Buffer.from(keySerde.serialize(subLocationId) ?? []);
    const value = valueSerde.serialize({
      eventId: `65b1234567890abcdef${(n & 0xfffff).toString(16).padStart(5, "0")}`,
      action: n % 10 === 9 ? "DELETED" : n % 5 === 4 ? "UPDATED" : "CREATED",
      timestamp,
      subLocationId,
      locationId: n % 2 === 0 ? "65a1111111111111111111111" : null,
      eventName: `Booking number ${n % 1000}`,
      startDate: timestamp + 86_400_000,
      endDate: timestamp + 90_000_000,
      attendees: 1 + (n % 200),
      capacityDelta: null,
      previousAttendees: null,
    });
    producer.append(topic, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
    if (producer.bufferedBytes > sendBytes) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};
