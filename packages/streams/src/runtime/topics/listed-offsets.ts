import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { OffsetSpec, Transport } from "../../transport/transport.ts";

/** Beginnings or ends by topic-partition. Ends are high watermarks: they include what an open transaction wrote. */
export const listedOffsets = async (
  transport: Pick<Transport, "listOffsets">,
  partitions: readonly TopicPartition[],
  at: OffsetSpec,
): Promise<ReadonlyMap<string, number>> =>
  partitions.length === 0
    ? new Map()
    : new Map(
        (await transport.listOffsets(partitions, at, false)).map(
          ({ partition: { topic, partition }, offset }) => [topicPartitionName(topic, partition), offset],
        ),
      );
