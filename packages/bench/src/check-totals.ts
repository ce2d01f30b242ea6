import type { SchemaRegistry } from "@millrace/avro";
import type { Transport } from "@millrace/streams";
import { totalsTopic } from "./hourly-topics.ts";

const framing = 5;

/** Reads what is committed of the output, and throws unless the last totals of all keys and hours make `records`. */
export const checkTotals = async (
  transport: Transport,
  registry: SchemaRegistry,
  output: string,
  records: number,
): Promise<void> => {
  const { value: serde } = totalsTopic(registry, output);
  // The JVM writes without a registry, as its schema id does not matter to it: ours stands in front of the same bytes.
  await serde.start?.({ topic: output, part: "value", use: "sink" });
  const own = serde.serialize({ subLocationId: "", hour: 0, bookingsCount: 0, totalAttendees: 0 });
  if (own === null) throw new Error("a total serializes to null");
  const head = Buffer.from(own.subarray(0, framing));
  await serde.prepare?.(head, 0, framing);

  const { partitions } = (await transport.describeTopics([output])).get(output) ?? { partitions: 0 };
  const every = Array.from({ length: partitions }, (_, partition) => ({ topic: output, partition }));
  const ends = await transport.listOffsets(every, "latest", true);
  const open = new Map(ends.map(({ partition, offset }) => [partition.partition, offset]));
  const totals = new Map<number, Map<string, number>>();
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
          let chunk = fetcher.take(output, partition);
          chunk !== undefined;
          chunk = fetcher.take(output, partition)
        ) {
          while (chunk.records.advance()) {
            const { buffer, valueStart, valueEnd } = chunk.records;
            head.copy(buffer, valueStart);
            const { subLocationId, hour, bookingsCount } = serde.deserialize(buffer, valueStart, valueEnd);
            const ofHour = totals.get(hour) ?? new Map<string, number>();
            totals.set(hour, ofHour.set(subLocationId, bookingsCount));
          }
          if (chunk.nextOffset >= end) open.delete(partition);
        }
    };
    for (const { partition } of every) fetcher.add(output, partition, 0);
  });
  let sum = 0;
  for (const ofHour of totals.values()) for (const bookings of ofHour.values()) sum += bookings;
  if (sum !== records)
    throw new Error(`the totals in "${output}" make ${sum} records, and ${records} were sent`);
};
