import { partitionsOf, type ReadFrom } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { readPartitions } from "./read-records.ts";

/** What an application has committed that it read of these topics, by partition. */
const readOffsets = async (
  transport: Transport,
  applicationId: string,
  topics: readonly string[],
): Promise<readonly ReadFrom[]> =>
  (await transport.groupCoordinator(applicationId).fetchOffsets(await partitionsOf(transport, topics))).map(
    ({ topic, partition, offset }) => ({ topic, partition, offset: Math.max(0, offset) }),
  );

/** The topics that an application has made and reads itself. */
const topicsBetween = async (transport: Transport, applicationId: string): Promise<readonly string[]> =>
  (await transport.listTopics()).filter(
    (topic) =>
      topic.startsWith(`${applicationId}-`) &&
      /-(repartition|registration-topic|response-topic)$/.test(topic),
  );

/**
 * What an application has not read of all that is in its sources and its own topics: offsets are asked for before ends, and
 * what a task sends on is committed with its offsets. The marks of transactions do not count, so records are looked for.
 */
export const unread = async (
  transport: Transport,
  applicationId: string,
  sources: readonly string[],
): Promise<readonly string[]> => {
  const left = await readPartitions(transport, await readOffsets(transport, applicationId, sources));
  if (left.length > 0) return counted(left);
  const between = await topicsBetween(transport, applicationId);
  if (between.length === 0) return [];
  return counted(await readPartitions(transport, await readOffsets(transport, applicationId, between)));
};

const counted = (records: readonly { readonly topic: string; readonly partition: number }[]): string[] => {
  const counts = new Map<string, number>();
  for (const { topic, partition } of records) {
    const name = `${topic}-${partition}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([partition, count]) => `${count} of ${partition}`);
};
