import type { Topic, Transport } from "@millrace/streams";

/** Reads a topic from its beginning, what is committed of it, and hands every record over. */
export const readTopic = async <K, V>(
  transport: Transport,
  topic: Topic<K, V>,
  onRecord: (value: V, key: K) => void,
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
          const { buffer, keyStart, keyEnd, valueStart, valueEnd } = chunk.records;
          onRecord(
            topic.value.deserialize(buffer, valueStart, valueEnd),
            topic.key.deserialize(buffer, keyStart, keyEnd),
          );
        }
  };
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 250,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 8 << 20,
    maxBufferedBytesPerPartition: 2 << 20,
    maxBufferedBytes: 64 << 20,
    onAvailable: drain,
  });
  for (let partition = 0; partition < partitions; partition++) fetcher.add(topic.name, partition, 0);
  return { close: () => fetcher.close() };
};
