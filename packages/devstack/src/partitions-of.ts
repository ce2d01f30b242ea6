import type { Transport } from "@millrace/streams";

/** One partition of one topic. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

/** All partitions of those of these topics that exist. */
export const partitionsOf = async (
  transport: Transport,
  topics: readonly string[],
): Promise<readonly Partition[]> =>
  [...(await transport.describeTopics(topics)).values()].flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  );
