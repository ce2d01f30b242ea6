import { MillraceError } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { committedOffsets, partitionsOf } from "./committed-offsets.ts";
import { changelogTopic, hasOwnChangelog } from "./internal-topic-names.ts";
import type { PlannedTopics } from "./plan.ts";
import { sourceTopics } from "./source-topics.ts";

/**
 * Looks, before they are made, at changelogs that are missing: where offsets of their sub-topology are committed, the
 * state of what was read before them is gone. Throws a MillraceError OFFSETS_WITHOUT_STATE, as `onOffsetsWithoutState`
 * says. Once made, an empty one could not be told from one that nothing was ever written to.
 */
export const checkChangelogs = async (
  { subTopologies }: Topology,
  { partitions, matched }: PlannedTopics,
  existing: ReadonlySet<string>,
  { transport, applicationId, onOffsetsWithoutState, log }: AppSettings,
): Promise<void> => {
  for (const { sources, stores } of subTopologies) {
    const missing = stores
      .filter(hasOwnChangelog)
      .map((store) => changelogTopic(applicationId, store))
      .filter((name) => !existing.has(name));
    if (missing.length === 0) continue;
    const topics = new Set(sources.flatMap((node) => sourceTopics(node, applicationId, matched)));
    const read = [...topics].flatMap((topic) => partitionsOf(topic, partitions.get(topic) ?? 0));
    const committed = await committedOffsets(transport.groupCoordinator(applicationId), read);
    const behind = read.filter(
      ({ topic, partition }) => (committed.get(topicPartitionName(topic, partition)) ?? -1) > 0,
    );
    if (behind.length === 0) continue;
    const what =
      `${list(missing)} ${missing.length === 1 ? "does" : "do"} not exist, though offsets of ` +
      `${list(behind.map(({ topic }) => topic))} are committed: the state lacks what was read before them`;
    if (onOffsetsWithoutState !== "fail") {
      log("warn", `${what}; making ${missing.length === 1 ? "it" : "them"}, as asked`, { missing });
      continue;
    }
    throw new MillraceError(
      `${what}. If the store is new, or has another name now, run it once with onOffsetsWithoutState "continue" (to ` +
        'begin with an empty store) or "rewind" (to read the sources again from their beginnings). If the changelog was ' +
        "deleted, delete the application's other changelogs, too, and rewind. If a JVM application kept no changelog for " +
        "a table (topology.optimization=all), make it with sourceAsChangelog",
      { code: "OFFSETS_WITHOUT_STATE" },
    );
  }
};

const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `"${name}"`).join(", ");
