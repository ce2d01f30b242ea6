import { MillraceError } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { TopicMetadata } from "../../transport/transport.ts";
import type { OffsetPolicy } from "./offset-policy.ts";
import { planTopics, repartitionTopics, sourceTopic, type TopicPlan } from "./plan.ts";

/**
 * What the topics as they are now mean for a running application: a new plan, undefined where nothing has changed, or
 * why it can't go on. New partitions are taken up where no state forbids it: keys have moved to other partitions, and
 * a store of theirs stays where it is. Throws what `planTopics` throws.
 */
export const comparePlan = (
  topology: Topology,
  applicationId: string,
  plan: TopicPlan,
  found: ReadonlyMap<string, TopicMetadata>,
  onTopicRecreated: OffsetPolicy["onTopicRecreated"],
): TopicPlan | MillraceError | undefined => {
  const internal = new Set(plan.internal.map(({ topic }) => topic));
  const sources = new Set(
    topology.subTopologies.flatMap((part) => part.sources.map((node) => sourceTopic(node, applicationId))),
  );
  for (const topic of plan.topicIds.keys()) {
    const now = found.get(topic);
    if (now === undefined) return deleted(topic, internal.has(topic), sources.has(topic));
    const recreated = now.topicId !== plan.topicIds.get(topic);
    const shrunk = now.partitions < (plan.partitions.get(topic) ?? 0);
    if ((recreated || shrunk) && (internal.has(topic) || sources.has(topic)))
      return madeAnew(topic, internal.has(topic), onTopicRecreated);
  }
  const changed = [...found.values()].filter(
    ({ topic, topicId, partitions }) =>
      partitions !== plan.partitions.get(topic) || topicId !== plan.topicIds.get(topic),
  );
  if (changed.length === 0) return undefined;
  const grown = changed.filter(({ topic, partitions }) => partitions !== plan.partitions.get(topic));
  const planned = planTopics(
    topology,
    applicationId,
    new Map(
      [...found.values()]
        .filter(({ topic }) => !internal.has(topic))
        .map((one) => [one.topic, one.partitions]),
    ),
    new Map(
      [...repartitionTopics(topology, applicationId)].map((topic) => [
        topic,
        plan.partitions.get(topic) ?? 0,
      ]),
    ),
  );
  for (const { topic, partitions } of planned.internal)
    if (partitions !== plan.partitions.get(topic))
      return new MillraceError(
        `${grownText(grown, plan)}: ` +
          `keys have moved to other partitions, and the state in "${topic}" is where they were. Stop the application and ` +
          "let it build its state anew (delete its changelogs and its offsets), or give it another application id; a " +
          "repartition() before what keeps state would let the source grow",
        { code: "PARTITIONS_ADDED" },
      );
  // A task that runs already, for the sake of a greater source, reads the partitions that it had when it started.
  const late = topology.subTopologies.find(({ id, sources: nodes }) =>
    nodes.some((node) => {
      const topic = sourceTopic(node, applicationId);
      const before = plan.partitions.get(topic) ?? 0;
      return before < (planned.partitions.get(topic) ?? 0) && before < (plan.tasks[id] ?? 0);
    }),
  );
  if (late !== undefined)
    return new MillraceError(`${grownText(grown, plan)}: start the application again, to read them`, {
      code: "PARTITIONS_ADDED",
      retriable: true,
    });
  return {
    ...planned,
    topicIds: new Map([...found.values()].map(({ topic, topicId }) => [topic, topicId])),
    fresh: plan.fresh,
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
