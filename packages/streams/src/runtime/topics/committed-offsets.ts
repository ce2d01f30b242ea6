import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";

/** Committed offsets by topic-partition, -1 for none. */
export const committedOffsets = async (
  coordinator: Pick<GroupCoordinator, "fetchOffsets">,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, number>> =>
  partitions.length === 0
    ? new Map()
    : new Map(
        (await coordinator.fetchOffsets(partitions)).map(({ topic, partition, offset }) => [
          topicPartitionName(topic, partition),
          offset,
        ]),
      );

/** All partitions of a topic. */
export const partitionsOf = (topic: string, count: number): readonly TopicPartition[] =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));
