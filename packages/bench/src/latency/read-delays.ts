import type { Transport } from "@millrace/streams";

export interface Delays {
  /** Ends the reading, and answers ms from the time of each record to when it could be read, smallest first. */
  stop(): Promise<Float64Array>;
}

/**
 * Reads what is committed of a topic as it comes, as a consumer does that waits for it. A record's time is that of the
 * last one that went into it; those before `from`, ms since the epoch, are left out.
 */
export const readDelays = (
  transport: Transport,
  topic: string,
  partitions: number,
  from: () => number,
): Delays => {
  const delays: number[] = [];
  let failure: unknown;
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 250,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 16 << 20,
    maxBufferedBytesPerPartition: 4 << 20,
    maxBufferedBytes: 64 << 20,
    onAvailable: () => {
      const now = Date.now();
      try {
        for (let partition = 0; partition < partitions; partition++)
          for (
            let chunk = fetcher.take(topic, partition);
            chunk !== undefined;
            chunk = fetcher.take(topic, partition)
          )
            while (chunk.records.advance())
              if (chunk.records.timestamp >= from()) delays.push(now - chunk.records.timestamp);
      } catch (error) {
        failure ??= error;
      }
    },
  });
  for (let partition = 0; partition < partitions; partition++) fetcher.add(topic, partition, 0);
  return {
    stop: async () => {
      await fetcher.close();
      if (failure !== undefined) throw failure;
      return Float64Array.from(delays).toSorted();
    },
  };
};
