import type { Transport } from "@millrace/streams";

/** Where a record's key and value are in the buffer, `[start, end)`; a start of -1 is null. */
export interface CommittedRecord {
  readonly buffer: Buffer;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly timestamp: number;
}

/** Reads what is committed of a topic now, from its beginning to its end. The record is valid during the call only. */
export const readCommitted = async (
  transport: Transport,
  topic: string,
  onRecord: (record: CommittedRecord) => void,
): Promise<void> => {
  const { partitions } = (await transport.describeTopics([topic])).get(topic) ?? { partitions: 0 };
  const every = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  const ends = await transport.listOffsets(every, "latest", true);
  const open = new Map(
    ends.filter(({ offset }) => offset > 0).map(({ partition, offset }) => [partition.partition, offset]),
  );
  if (open.size === 0) return;
  await new Promise<void>((resolve, reject) => {
    const fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 250,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 16 << 20,
      maxBufferedBytesPerPartition: 4 << 20,
      maxBufferedBytes: 64 << 20,
      onAvailable: () => {
        try {
          drain();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (open.size === 0) fetcher.close().then(resolve, reject);
      },
    });
    const drain = (): void => {
      for (const [partition, end] of open)
        for (
          let chunk = fetcher.take(topic, partition);
          chunk !== undefined;
          chunk = fetcher.take(topic, partition)
        ) {
          while (chunk.records.advance()) onRecord(chunk.records);
          if (chunk.nextOffset >= end) open.delete(partition);
        }
    };
    for (const { partition } of every) fetcher.add(topic, partition, 0);
  });
};
