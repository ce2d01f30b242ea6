import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { partitions } from "./state-job.ts";

/** Bytes between two sends. */
const sendBytes = 8 * 1024 * 1024;
/** Prime to every number of keys that has no such factor: neighbours in the input are no neighbours in a store. */
const stride = 7_919;

export interface StateToLoad {
  readonly topic: string;
  readonly records: number;
  readonly keys: number;
  readonly valueBytes: number;
}

/** Creates the topic and fills it with values of that many bytes, each key as often as any other. */
export const loadState = async (
  transport: Transport,
  { topic, records, keys, valueBytes }: StateToLoad,
): Promise<void> => {
  await transport.createTopics([{ topic, partitions, configs: { "retention.ms": "-1" } }]);
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics([topic]);
  for (let n = 0; n < records; n++) {
    const key = Buffer.from(`key-${String((n * stride) % keys).padStart(12, "0")}`);
    // Not kept by the producer for long, but until it is sent.
    const value = Buffer.alloc(valueBytes, 0x61);
    value.writeUInt32BE(n, 0);
    producer.append(topic, partitionForKey(key, partitions), key, value, n, noHeaders);
    if (producer.bufferedBytes > sendBytes) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};
