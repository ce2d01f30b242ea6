import { noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import { SeededRandom } from "@millrace/venue";
import type { JoinsWorkload } from "./joins-job.ts";

/** 2026-01-01. */
const start = 1_767_225_600_000;
/** Between two records of both topics together. */
export const apartMs = 10;
const partitions = 4;
/** Bytes between two sends. */
const sendBytes = 8 * 1024 * 1024;

export interface JoinsToLoad {
  readonly workload: JoinsWorkload;
  readonly left: string;
  readonly right: string;
  readonly records: number;
  readonly keys: number;
}

/**
 * Which side a record is on: a table that a stream is joined with has a row of every key first, and is a fifth of what
 * comes after; other joins have as much on both sides, and sessions have but the left one.
 */
const isRight = ({ workload, keys }: JoinsToLoad, n: number): boolean => {
  if (workload === "sessions") return false;
  return workload === "stream-table" ? n < keys || n % 5 === 0 : n % 2 === 1;
};

/** Creates the topics and fills them, in the order of time, with texts of about 100 bytes, their keys drawn evenly. */
export const loadJoins = async (transport: Transport, load: JoinsToLoad): Promise<void> => {
  const { workload, left, right, records, keys } = load;
  const topics = [left, right];
  await transport.createTopics(
    topics.map((topic) => ({ topic, partitions, configs: { "retention.ms": "-1" } })),
  );
  const producer = await transport.createProducer({ transactionTimeoutMs: 60_000, compression: "none" });
  await producer.prepareTopics(topics);
  const random = new SeededRandom(7);
  const every = "n, and what people write about it, ".repeat(2);
  for (let n = 0; n < records; n++) {
    const onRight = isRight(load, n);
    const id = workload === "stream-table" && n < keys ? n : random.below(keys);
    const key = Buffer.from(`65a9876543210fed${String(id).padStart(8, "0")}`);
    const value = Buffer.from(`${onRight ? "row" : "order"} ${n} of customer ${id}, ${every}`);
    producer.append(
      onRight ? right : left,
      partitionForKey(key, partitions),
      key,
      value,
      start + n * apartMs,
      noHeaders,
    );
    if (producer.bufferedBytes > sendBytes) await producer.flush();
  }
  await producer.flush();
  await producer.close();
};
