import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { createTopics, partitions } from "./bench-topics.ts";

/** Bytes between two sends. */
const sendBytes = 8 * 1024 * 1024;

interface RecordToSend {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Uint8Array | null;
  /** ms since the epoch. */
  readonly timestamp: number;
}

/** Creates topics and fills them with `records` records in order, each in the partition of its key. */
export const fillTopics = async (
  transport: Transport,
  topics: readonly string[],
  records: number,
  recordOf: (n: number) => RecordToSend,
): Promise<void> => {
  await createTopics(transport, topics);
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics(topics);
  for (let n = 0; n < records; n++) {
    const { topic, key, value, timestamp } = recordOf(n);
    producer.append(topic, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
    if (producer.bufferedBytes > sendBytes) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};
