import { MillraceError } from "../../errors.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { committedOffsets, partitionsOf } from "./committed-offsets.ts";
import { internalTopicKind } from "./internal-topic-names.ts";
import { listedOffsets } from "./listed-offsets.ts";
import type { PlannedTopics } from "./plan.ts";
import { readLog } from "./read-log.ts";

/**
 * Refuses to leave records behind in repartition topics that this application has read once, and does not read any
 * more: a stage has another name now, or it was another program's. Throws a MillraceError UNREAD_REPARTITION.
 */
export const checkRepartitions = async (
  { internal }: PlannedTopics,
  { transport, applicationId, clock, log, onUnreadRepartition }: AppSettings,
): Promise<void> => {
  const planned = new Set(internal.map(({ topic }) => topic));
  const others = (await transport.listTopics()).filter(
    (name) => internalTopicKind(applicationId, name) === "repartition" && !planned.has(name),
  );
  if (others.length === 0) return;
  const partitions = [...(await transport.describeTopics(others)).values()].flatMap((described) =>
    partitionsOf(described.topic, described.partitions),
  );
  const committed = await committedOffsets(transport.groupCoordinator(applicationId), partitions);
  // Without an offset it is another application's, whose name begins with this one's.
  const read = partitions.filter(
    ({ topic, partition }) => (committed.get(topicPartitionName(topic, partition)) ?? -1) >= 0,
  );
  const [begins, ends] = await Promise.all([
    listedOffsets(transport, read, "earliest"),
    listedOffsets(transport, read, "latest"),
  ]);
  const left: string[] = [];
  for (const one of read) {
    const name = topicPartitionName(one.topic, one.partition);
    const from = Math.max(committed.get(name) ?? 0, begins.get(name) ?? 0);
    const end = ends.get(name) ?? 0;
    let waiting = false;
    // What lies between may be nothing but the marks of transactions.
    await readLog(transport, clock, one, from, end, () => {
      waiting = true;
      return false;
    });
    if (waiting) left.push(`${name} from offset ${from} to ${end}`);
  }
  if (left.length === 0) return;
  const what = `records wait in repartition topics that this topology does not read: ${left.join(", ")}`;
  if (onUnreadRepartition === "ignore") {
    log("warn", `${what}; left there, as asked`, { left });
    return;
  }
  throw new MillraceError(
    `${what}. Let the version of the application that reads them run until they are read; or give the stage its former ` +
      'name; or leave them there with onUnreadRepartition "ignore"',
    { code: "UNREAD_REPARTITION" },
  );
};
