import type { SchemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { demandHourlyTopic } from "@millrace/venue";
import { partitions } from "../bench-topics.ts";
import { type DemandLoad, demandRecord } from "./demand-load.ts";

/** Records between two sends where no rate is asked for. */
const atOnce = 20_000;
/** Time between two sends at a rate, ms. */
const everyMs = 50;

export interface DemandToSend {
  readonly topic: string;
  readonly load: DemandLoad;
  /** Records per second; as fast as can be when absent. */
  readonly rate?: number | undefined;
  /** Called after each send. */
  readonly onSent: () => void;
}

/** Sends the load, in order. */
export const sendDemand = async (
  transport: Transport,
  registry: SchemaRegistry,
  { topic, load, rate, onSent }: DemandToSend,
): Promise<void> => {
  const { key: keySerde, value: valueSerde } = demandHourlyTopic({ registry, name: topic });
  await valueSerde.start?.({ topic, part: "value", use: "sink" });
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics([topic]);
  const began = performance.now();
  let sent = 0;
  while (sent < load.records) {
    const due = rate === undefined ? sent + atOnce : Math.floor(((performance.now() - began) / 1_000) * rate);
    const until = Math.min(load.records, due);
    for (; sent < until; sent++) {
      const metric = demandRecord(load, sent);
      const key = Buffer.from(keySerde.serialize(metric.subLocationId) ?? []);
      const value = valueSerde.serialize(metric);
      producer.append(topic, partitionForKey(key, partitions), key, value, metric.timestamp, noHeaders);
    }
    await producer.flush();
    onSent();
    if (rate !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await producer.close();
};
