import type { StoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import type { TopicMetadata, TopicSpec } from "../../transport/transport.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { checkChangelogs } from "./check-changelogs.ts";
import { checkInternalTopic } from "./check-internal-topic.ts";
import { createInternalTopics } from "./create-internal-topics.ts";
import { changelogTopic } from "./internal-topic-names.ts";
import type { PlannedTopics, TopicPlan } from "./plan.ts";

/**
 * Creates those of the wanted internal topics that are missing, and refuses those that can't be used as they are. Throws a
 * MillraceError that says what to do.
 */
export const prepareInternalTopics = async (
  topology: Topology,
  planned: PlannedTopics,
  wanted: readonly TopicSpec[],
  settings: AppSettings,
): Promise<Pick<TopicPlan, "topicIds" | "fresh">> => {
  const { transport } = settings;
  const existing = await transport.describeTopics(wanted.map(({ topic }) => topic));
  const fresh = wanted.filter(({ topic }) => !existing.has(topic));
  await checkExisting(topology, wanted, existing, settings);
  const there = planned.internal.filter((spec) => !fresh.includes(spec));
  await checkChangelogs(topology, planned, new Set(there.map(({ topic }) => topic)), settings);
  await createInternalTopics(fresh, settings);
  const created = await transport.describeTopics(fresh.map(({ topic }) => topic));
  return {
    topicIds: new Map([...existing, ...created].map(([name, { topicId }]) => [name, topicId])),
    fresh: new Set(fresh.map(({ topic }) => topic)),
  };
};

const checkExisting = async (
  { subTopologies }: Topology,
  wanted: readonly TopicSpec[],
  existing: ReadonlyMap<string, TopicMetadata>,
  { transport, applicationId, log }: AppSettings,
): Promise<void> => {
  const stores = new Map(
    subTopologies
      .flatMap((part) => part.stores)
      .map((store) => [changelogTopic(applicationId, store), store]),
  );
  for (const spec of wanted) {
    const topic = existing.get(spec.topic);
    if (topic === undefined) continue;
    const configs = await transport.describeTopicConfig(spec.topic);
    checkInternalTopic(spec, topic.partitions, configs, retentionOf(stores.get(spec.topic)), log);
  }
};

/** How long rows are kept of a store whose rows expire. */
const retentionOf = (store: StoreDefinition | undefined): number | undefined =>
  store !== undefined && "retention" in store ? store.retention : undefined;
