import { MillraceError } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { TopicMetadata } from "../../transport/transport.ts";
import type { OffsetPolicy } from "./offset-policy.ts";
import { type PlannedTopics, planTopics, type TopicPlan } from "./plan.ts";
import { sourceTopics } from "./source-topics.ts";

/** A plan for the topics as they are now. */
export interface PlannedChange {
  readonly planned: PlannedTopics;
  /** Of the topics that are there. */
  readonly topicIds: TopicPlan["topicIds"];
  /** Internal topics that the application did not have before. */
  readonly missing: PlannedTopics["internal"];
}

/** What a look at the cluster has brought. */
interface FoundTopics {
  /** Of the topics that the application reads and writes, internal ones too, those that are there. */
  readonly topics: ReadonlyMap<string, TopicMetadata>;
  /** Those of them that the topology's patterns match, sorted. */
  readonly matched: readonly string[];
}

/**
 * What the topics as they are now mean for a running application: a new plan, undefined where nothing has changed, or
 * why it can't go on. New partitions are taken up where no state forbids it: keys have moved to other partitions, and
 * a store of theirs stays where it is. Topics that patterns find come and go. Throws what `planTopics` throws.
 */
export const comparePlan = (
  topology: Topology,
  applicationId: string,
  plan: TopicPlan,
  { topics: found, matched }: FoundTopics,
  onTopicRecreated: OffsetPolicy["onTopicRecreated"],
): PlannedChange | MillraceError | undefined => {
  const internal = new Set(plan.internal.map(({ topic }) => topic));
  const sources = new Set(
    topology.subTopologies.flatMap((part) =>
      part.sources.flatMap((node) => sourceTopics(node, applicationId, plan.matched)),
    ),
  );
  const globals = new Set(
    topology.globals.flatMap(({ role }) => (role.type === "global" ? [role.topic.name] : [])),
  );
  const gone = new Set(plan.matched.filter((topic) => !matched.includes(topic)));
  for (const topic of plan.topicIds.keys()) {
    if (gone.has(topic)) continue;
    const now = found.get(topic);
    if (now === undefined)
      return deleted(topic, internal.has(topic), sources.has(topic) || globals.has(topic));
    const recreated = now.topicId !== plan.topicIds.get(topic);
    const shrunk = now.partitions < (plan.partitions.get(topic) ?? 0);
    if ((recreated || shrunk) && (internal.has(topic) || sources.has(topic)))
      return madeAnew(topic, internal.has(topic), onTopicRecreated);
  }
  const changed = [...found.values()].filter(
    ({ topic, topicId, partitions }) =>
      partitions !== plan.partitions.get(topic) || topicId !== plan.topicIds.get(topic),
  );
  if (changed.length === 0 && gone.size === 0) return undefined;
  const grown = changed.filter(({ topic, partitions }) => partitions !== plan.partitions.get(topic));
  const planned = planTopics(
    topology,
    applicationId,
    new Map(
      [...found.values()]
        .filter(({ topic }) => !internal.has(topic))
        .map((one) => [one.topic, one.partitions]),
    ),
    new Map([...plan.partitions].filter(([topic]) => internal.has(topic))),
    matched,
  );
  for (const { topic, partitions } of planned.internal)
    if (internal.has(topic) && partitions !== plan.partitions.get(topic))
      return new MillraceError(
        `${grownText(grown, plan)}: ` +
          `keys have moved to other partitions, and the state in "${topic}" is where they were. Stop the application and ` +
          "let it build its state anew (delete its changelogs and its offsets), or give it another application id; a " +
          "repartition() before what keeps state would let the source grow",
        { code: "PARTITIONS_ADDED" },
      );
  return {
    planned,
    topicIds: new Map([...found.values()].map(({ topic, topicId }) => [topic, topicId])),
    // Repartition topics and changelogs that follow a pattern's first topic.
    missing: planned.internal.filter(({ topic }) => !internal.has(topic)),
  };
};

const grownText = (grown: readonly TopicMetadata[], plan: TopicPlan): string =>
  grown
    .map(
      ({ topic, partitions }) =>
        `topic "${topic}" has ${partitions} partitions now instead of ${plan.partitions.get(topic) ?? 0}`,
    )
    .join(", ");

const deleted = (topic: string, internal: boolean, source: boolean): MillraceError =>
  new MillraceError(
    internal
      ? `the application's topic "${topic}" was deleted: what it held is lost. Start it again; it says then what is missing, ` +
          "and how to build it anew"
      : `${source ? "source" : "sink"} topic "${topic}" was deleted. Create it, and start the application again`,
    { code: "TOPIC_DELETED" },
  );

const madeAnew = (
  topic: string,
  internal: boolean,
  onTopicRecreated: OffsetPolicy["onTopicRecreated"],
): MillraceError =>
  new MillraceError(
    `topic "${topic}" was deleted and made anew: ` +
      (internal
        ? "what the application kept there is lost. Start it again; it says then what is missing, and how to build it anew"
        : "the offsets up to which it was read belong to another topic. Start the application again to read the new one " +
          "as one that was never read"),
    // A member that starts over reads the new one.
    { code: "TOPIC_RECREATED", retriable: !internal && onTopicRecreated === "restart" },
  );
