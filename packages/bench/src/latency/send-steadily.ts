import type { SchemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
import { partitions } from "../bench-topics.ts";
import { booking, placeId } from "../booking.ts";
import { bookingsTopic } from "../hourly-topics.ts";

/** Between two sends. */
const tickMs = 10;

export interface SteadyLoad {
  readonly topic: string;
  readonly keys: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** Sends bookings at an even rate, each with the time at which it is sent. Answers how many. */
export const sendSteadily = async (
  transport: Transport,
  registry: SchemaRegistry,
  { topic, keys, perSecond, seconds }: SteadyLoad,
  signal: AbortSignal,
): Promise<number> => {
  const { key: keySerde, value: valueSerde } = bookingsTopic(registry, topic);
  await valueSerde.start?.({ topic, part: "value", use: "sink" });
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics([topic]);
  const random = new SeededRandom(7);
  const began = performance.now();
  const all = perSecond * seconds;
  let sent = 0;
  while (sent < all && !signal.aborted) {
    const due = Math.min(all, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    for (; sent < due; sent++) {
      const timestamp = Date.now();
      const place = placeId(random.below(keys));
      const key = Buffer.from(keySerde.serialize(place) ?? []);
      const value = valueSerde.serialize(booking(sent, timestamp, place));
      producer.append(topic, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
    }
    await producer.flush();
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await producer.close();
  return sent;
};
