import type { Transport } from "@millrace/streams";
import { LogReader, type LogRecord } from "./log-reader.ts";
import type { Partition } from "./partitions-of.ts";

/** A partition, and the offset to begin at: without it, at its first record. */
export interface ReadFrom extends Partition {
  readonly offset?: number;
}

/**
 * Reads what is committed of partitions, each in its order, from where it is told to begin, or behind what was deleted
 * there, up to the end that it has when this is called. Rejects with what `onRecord` throws.
 */
export const readToEnd = async (
  transport: Transport,
  from: readonly ReadFrom[],
  onRecord: (record: LogRecord, topic: string, partition: number) => void,
): Promise<void> => {
  const [firsts, ends] = await Promise.all([
    transport.listOffsets(from, "earliest", true),
    transport.listOffsets(from, "latest", true),
  ]);
  const endOf = new Map<string, number>();
  const unread = from.flatMap(({ topic, partition, offset = 0 }, at) => {
    const begin = Math.max(offset, firsts[at]?.offset ?? 0);
    const end = ends[at]?.offset ?? 0;
    if (end <= begin) return [];
    endOf.set(`${topic}-${partition}`, end);
    return [{ topic, partition, begin }];
  });
  if (unread.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const reader = new LogReader(transport, {
    onRecord: (record, topic, partition) => {
      if (record.offset < (endOf.get(`${topic}-${partition}`) ?? 0)) onRecord(record, topic, partition);
    },
    onPosition: (topic, partition, offset) => {
      const name = `${topic}-${partition}`;
      if (offset < (endOf.get(name) ?? 0)) return;
      endOf.delete(name);
      reader.remove(topic, partition);
      if (endOf.size === 0) resolve();
    },
    onFailure: reject,
  });
  for (const { topic, partition, begin } of unread) reader.add(topic, partition, begin);
  try {
    await promise;
  } finally {
    await reader.close();
  }
};
