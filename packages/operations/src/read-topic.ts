import type { Headers, Transport } from "@millrace/streams";
import type { Place } from "./place.ts";

/** A record as it lies in a topic. */
export interface StoredRecord extends Place {
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** Offsets `[from, to)` of a partition. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** What is committed in a topic as it is now, partition by partition. */
export const committedRanges = async (
  transport: Transport,
  topic: string,
  partitions: number,
): Promise<readonly OffsetRange[]> => {
  const every = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const [first, ends] = await Promise.all([
    transport.listOffsets(every, "earliest", true),
    transport.listOffsets(every, "latest", true),
  ]);
  return every.map(({ partition }) => ({
    partition,
    from: first[partition]?.offset ?? 0,
    to: ends[partition]?.offset ?? 0,
  }));
};

/** The committed records of these ranges, a fetched chunk at a time; of one partition in order. */
export async function* readRecords(
  transport: Transport,
  topic: string,
  ranges: readonly OffsetRange[],
): AsyncGenerator<readonly StoredRecord[]> {
  const open = new Map(
    ranges.filter(({ from, to }) => from < to).map(({ partition, to }) => [partition, to]),
  );
  let wake: (() => void) | undefined;
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 250,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 16 << 20,
    maxBufferedBytesPerPartition: 4 << 20,
    maxBufferedBytes: 64 << 20,
    onAvailable: () => wake?.(),
  });
  try {
    for (const { partition, from } of ranges) if (open.has(partition)) fetcher.add(topic, partition, from);
    while (open.size > 0) {
      // Before looking: what comes after the look must end the wait.
      const available = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let found = false;
      for (const [partition, to] of open) {
        const chunk = fetcher.take(topic, partition);
        if (chunk === undefined) continue;
        found = true;
        if (chunk.nextOffset >= to) {
          open.delete(partition);
          fetcher.remove(topic, partition);
        }
        yield recordsOf(chunk, to);
      }
      if (!found) await available;
    }
  } finally {
    await fetcher.close();
  }
}

type Chunk = NonNullable<ReturnType<ReturnType<Transport["createFetcher"]>["take"]>>;

const recordsOf = ({ partition, records }: Chunk, to: number): readonly StoredRecord[] => {
  const read: StoredRecord[] = [];
  while (records.advance() && records.offset < to) {
    const { buffer, offset, timestamp, keyStart, keyEnd, valueStart, valueEnd } = records;
    read.push({
      partition,
      offset,
      timestamp,
      key: keyStart < 0 ? null : buffer.subarray(keyStart, keyEnd),
      value: valueStart < 0 ? null : buffer.subarray(valueStart, valueEnd),
      headers: records.headers(),
    });
  }
  return read;
};
