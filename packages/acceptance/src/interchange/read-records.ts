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

const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}-${partition}`;

/** Where to begin to read a partition. */
export interface ReadFrom {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** All partitions of these topics. */
export const partitionsOf = async (
  transport: Transport,
  topics: readonly string[],
): Promise<readonly { readonly topic: string; readonly partition: number }[]> =>
  [...(await transport.describeTopics(topics)).values()].flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );

/** Reads what is committed of these topics now, each partition in its order. */
export const readRecords = async (
  transport: Transport,
  topics: readonly string[],
): Promise<readonly PlainRecord[]> =>
  readPartitions(
    transport,
    (await partitionsOf(transport, topics)).map((partition) => ({ ...partition, offset: 0 })),
  );

/** Reads what is committed behind these offsets, or behind what was deleted there. */
export const readPartitions = async (
  transport: Transport,
  from: readonly ReadFrom[],
): Promise<readonly PlainRecord[]> => {
  const open = new Map<string, ReadFrom & { readonly end: number }>();
  const [begins, ends] = await Promise.all([
    transport.listOffsets(from, "earliest", true),
    transport.listOffsets(from, "latest", true),
  ]);
  const beginOf = new Map(begins.map(({ partition, offset }) => [nameOf(partition), offset]));
  const endOf = new Map(ends.map(({ partition, offset }) => [nameOf(partition), offset]));
  for (const { topic, partition, offset } of from) {
    const name = nameOf({ topic, partition });
    const begin = Math.max(offset, beginOf.get(name) ?? 0);
    const end = endOf.get(name) ?? 0;
    if (end > begin) open.set(name, { topic, partition, offset: begin, end });
  }
  const found: PlainRecord[] = [];
  if (open.size === 0) return found;
  await new Promise<void>((resolve, reject) => {
    const drain = (): void => {
      for (const [name, { topic, partition, end }] of open)
        for (
          let chunk = fetcher.take(topic, partition);
          chunk !== undefined;
          chunk = fetcher.take(topic, partition)
        ) {
          while (chunk.records.advance()) {
            const { buffer, offset, keyStart, keyEnd, valueStart, valueEnd, timestamp } = chunk.records;
            found.push({
              topic,
              partition,
              offset,
              key: keyStart < 0 ? null : buffer.toString("latin1", keyStart, keyEnd),
              value: valueStart < 0 ? null : buffer.toString("latin1", valueStart, valueEnd),
              timestamp,
              headers: chunk.records
                .headers()
                .map(([header, value]) => `${header}=${value?.toString("latin1") ?? ""}`)
                .join(";"),
            });
          }
          if (chunk.nextOffset >= end) open.delete(name);
        }
    };
    const fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 50,
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
    for (const { topic, partition, offset } of open.values()) fetcher.add(topic, partition, offset);
  });
  return found.toSorted((one, other) =>
    one.topic === other.topic
      ? one.partition - other.partition || one.offset - other.offset
      : one.topic < other.topic
        ? -1
        : 1,
  );
};
