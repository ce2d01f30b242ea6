import { LogReader } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { partitions } from "../bench-topics.ts";

export interface Delays {
  /** Ends the reading, and answers ms from the time of each record to when it could be read, smallest first. */
  stop(): Promise<Float64Array>;
}

/**
 * Reads what is committed of a topic as it comes, as a consumer does that waits for it. A record's time is that of the
 * last one that went into it; those before `from`, ms since the epoch, are left out.
 */
export const readDelays = (transport: Transport, topic: string, from: () => number): Delays => {
  const delays: number[] = [];
  let failure: unknown;
  const reader = new LogReader(transport, {
    onRecord: ({ timestamp }) => {
      if (timestamp >= from()) delays.push(Date.now() - timestamp);
    },
    onFailure: (error) => (failure ??= error),
  });
  for (let partition = 0; partition < partitions; partition++) reader.add(topic, partition, 0);
  return {
    stop: async () => {
      await reader.close();
      if (failure !== undefined) throw failure;
      return Float64Array.from(delays).toSorted();
    },
  };
};
