import { MillraceError } from "../../errors.ts";
import type { StoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import type { TopicMetadata } from "../../transport/transport.ts";
import type { AppSettings } from "../app/app-options.ts";
import { checkChangelogs } from "./check-changelogs.ts";
import { checkInternalTopic } from "./check-internal-topic.ts";
import { checkRepartitions } from "./check-repartitions.ts";
import { createInternalTopics } from "./create-internal-topics.ts";
import { givenTopics } from "./given-topics.ts";
import { changelogTopic } from "./internal-topic-names.ts";
import { type PlannedTopics, planTopics, repartitionTopics, type TopicPlan } from "./plan.ts";

/**
 * Checks that source, sink, dead-letter and late topics exist; creates the internal ones that are missing, and
 * refuses those that can't be used as they are. Throws a MillraceError that says what to do.
 */
export const prepareTopics = async (topology: Topology, settings: AppSettings): Promise<TopicPlan> => {
  const { transport, applicationId } = settings;
  const given = givenTopics(topology, settings);
  const described = await transport.describeTopics(given);
  const missing = given.filter((name) => !described.has(name));
  if (missing.length > 0)
    throw new MillraceError(
      `topic ${missing.map((name) => `"${name}"`).join(", ")} does not exist; create it: ` +
        missing
          .map((name) => `kafka-topics.sh --bootstrap-server BROKER --create --topic ${name} --partitions 6`)
          .join("; "),
      { code: "MISSING_TOPIC" },
    );
  const planned = planTopics(
    topology,
    applicationId,
    partitionsOf(described),
    partitionsOf(await transport.describeTopics([...repartitionTopics(topology, applicationId)])),
  );
  const existing = await transport.describeTopics(planned.internal.map(({ topic }) => topic));
  await checkExisting(topology, planned, existing, settings);
  await checkChangelogs(topology, planned, new Set(existing.keys()), settings);
  await checkRepartitions(planned, settings);
  const fresh = planned.internal.filter(({ topic }) => !existing.has(topic));
  await createInternalTopics(fresh, settings);
  const created = await transport.describeTopics(fresh.map(({ topic }) => topic));
  return {
    ...planned,
    topicIds: new Map([...described, ...existing, ...created].map(([name, { topicId }]) => [name, topicId])),
    fresh: new Set(fresh.map(({ topic }) => topic)),
  };
};

const partitionsOf = (described: ReadonlyMap<string, TopicMetadata>): ReadonlyMap<string, number> =>
  new Map([...described].map(([name, { partitions }]) => [name, partitions]));

const checkExisting = async (
  { subTopologies }: Topology,
  { internal }: PlannedTopics,
  existing: ReadonlyMap<string, TopicMetadata>,
  { transport, applicationId, log }: AppSettings,
): Promise<void> => {
  const stores = new Map(
    subTopologies
      .flatMap((part) => part.stores)
      .map((store) => [changelogTopic(applicationId, store), store]),
  );
  for (const spec of internal) {
    const topic = existing.get(spec.topic);
    if (topic === undefined) continue;
    const configs = await transport.describeTopicConfig(spec.topic);
    checkInternalTopic(spec, topic.partitions, configs, retentionOf(stores.get(spec.topic)), log);
  }
};

/** How long rows are kept of a store whose rows expire. */
const retentionOf = (store: StoreDefinition | undefined): number | undefined =>
  store !== undefined && "retention" in store ? store.retention : undefined;
