import type { Topic, Transport } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";

/** Reads the demand topic from its beginning, what is committed of it, and hands every record over. */
export const readDemand = async (
  transport: Transport,
  topic: Topic<string, DemandHourly>,
  onRecord: (demand: DemandHourly) => void,
): Promise<{ close(): Promise<void> }> => {
  const partitions = (await transport.describeTopics([topic.name])).get(topic.name)?.partitions ?? 0;
  const drain = (): void => {
    for (let partition = 0; partition < partitions; partition++)
      for (
        let chunk = fetcher.take(topic.name, partition);
        chunk !== undefined;
        chunk = fetcher.take(topic.name, partition)
      )
        while (chunk.records.advance()) {
          const { buffer, valueStart, valueEnd } = chunk.records;
          onRecord(topic.value.deserialize(buffer, valueStart, valueEnd));
        }
  };
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 250,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 8 << 20,
    maxBufferedBytesPerPartition: 2 << 20,
    onAvailable: drain,
  });
  for (let partition = 0; partition < partitions; partition++) fetcher.add(topic.name, partition, 0);
  return { close: () => fetcher.close() };
};
