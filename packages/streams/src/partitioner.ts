import { MillraceError } from "./errors.ts";
import type { StreamRecord } from "./record.ts";

/**
 * Chooses the partition of a record among `[0, partitions)` of its topic (Kafka Streams' `StreamPartitioner`): its number,
 * several for a copy in each of them, none at all to leave the record out, which is counted (KIP-837), or undefined for the
 * default, which is the key's murmur2, and round robin for null keys.
 */
export type Partitioner<K, V> = (
  value: V,
  key: K,
  record: StreamRecord<K, V>,
  partitions: number,
) => number | readonly number[] | undefined;

/** What only an operator that sends takes. */
export interface Partitioned<K, V> {
  readonly partitioner?: Partitioner<K, V>;
}

/**
 * What a partitioner has chosen; undefined is the default. Throws a MillraceError PARTITION for a partition that the topic
 * does not have.
 */
export const chosenPartitions = <K, V>(
  partitioner: Partitioner<K, V>,
  record: StreamRecord<K, V>,
  topic: string,
  partitions: number,
): readonly number[] | undefined => {
  const choice = partitioner(record.value, record.key, record, partitions);
  const chosen = typeof choice === "number" ? [choice] : choice;
  for (const partition of chosen ?? [])
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions)
      throw new MillraceError(
        `the partitioner chose partition ${partition} of "${topic}", which has [0, ${partitions})`,
        { code: "PARTITION" },
      );
  return chosen;
};
