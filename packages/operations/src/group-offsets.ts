import type { Transport } from "@millrace/streams";

/** How far a group has come in one partition. */
export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to read. */
  readonly committed: number;
  readonly begin: number;
  readonly end: number;
  /** Records between; less where transactions have left their marks or compaction its gaps. */
  readonly lag: number;
}

/**
 * What a group has committed, in all topics of the cluster or in those named, by topic and partition. Waits for an
 * open transaction of the group to end.
 */
export const groupOffsets = async (
  transport: Transport,
  group: string,
  topics?: readonly string[],
): Promise<readonly GroupOffset[]> => {
  const described = await transport.describeTopics(topics ?? (await transport.listTopics()));
  const partitions = [...described.values()].flatMap(({ topic, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );
  const committed = (await transport.groupCoordinator(group).fetchOffsets(partitions)).filter(
    ({ offset }) => offset >= 0,
  );
  const [begins, ends] = await Promise.all([
    transport.listOffsets(committed, "earliest", false),
    transport.listOffsets(committed, "latest", true),
  ]);
  return committed
    .map(({ topic, partition, offset }, at) => {
      const begin = begins[at]?.offset ?? 0;
      const end = ends[at]?.offset ?? 0;
      return {
        topic,
        partition,
        committed: offset,
        begin,
        end,
        lag: Math.max(0, end - Math.max(offset, begin)),
      };
    })
    .toSorted((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
};
