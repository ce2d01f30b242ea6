import { partitionsOf, type ReadFrom, readToEnd } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";

/** A record as it stands in a topic; bytes in latin1, so that texts can be read and compared. */
export interface PlainRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: string;
}

/** Reads what is committed of these topics now, each partition in its order. */
export const readRecords = async (
  transport: Transport,
  topics: readonly string[],
): Promise<readonly PlainRecord[]> => readPartitions(transport, await partitionsOf(transport, topics));

/** Reads what is committed of these partitions now, from these offsets on. */
export const readPartitions = async (
  transport: Transport,
  from: readonly ReadFrom[],
): Promise<readonly PlainRecord[]> => {
  const found: PlainRecord[] = [];
  await readToEnd(transport, from, (record, topic, partition) => {
    const { buffer, offset, keyStart, keyEnd, valueStart, valueEnd, timestamp } = record;
    found.push({
      topic,
      partition,
      offset,
      key: keyStart < 0 ? null : buffer.toString("latin1", keyStart, keyEnd),
      value: valueStart < 0 ? null : buffer.toString("latin1", valueStart, valueEnd),
      timestamp,
      headers: record
        .headers()
        .map(([header, value]) => `${header}=${value?.toString("latin1") ?? ""}`)
        .join(";"),
    });
  });
  return found.toSorted((one, other) =>
    one.topic === other.topic
      ? one.partition - other.partition || one.offset - other.offset
      : one.topic < other.topic
        ? -1
        : 1,
  );
};
