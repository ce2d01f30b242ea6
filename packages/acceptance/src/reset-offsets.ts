import type { Transport } from "@millrace/streams";

/** Sets an application that does not run back to the beginning of a topic, as `kafka-consumer-groups.sh` does. */
export const resetOffsets = async (
  transport: Transport,
  applicationId: string,
  topic: string,
): Promise<void> => {
  const partitions = (await transport.describeTopics([topic])).get(topic)?.partitions ?? 0;
  // A commit by nobody in particular is taken while the group has no members.
  const nobody = { groupId: applicationId, generationId: -1, memberId: "", groupInstanceId: null };
  await transport.groupCoordinator(applicationId).commitOffsets(
    nobody,
    Array.from({ length: partitions }, (_, partition) => ({
      topic,
      partition,
      offset: 0,
      leaderEpoch: -1,
      metadata: "",
    })),
  );
};
