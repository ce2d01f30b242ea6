import { MillraceError } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { TopicMetadata } from "../../transport/transport.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { checkRepartitions } from "./check-repartitions.ts";
import { givenTopics } from "./given-topics.ts";
import { matchTopics } from "./match-topics.ts";
import { planTopics, repartitionTopics, type TopicPlan } from "./plan.ts";
import { prepareInternalTopics } from "./prepare-internal-topics.ts";

/**
 * Checks that source, sink, dead-letter and late topics exist; creates the internal ones that are missing, and
 * refuses those that can't be used as they are. Throws a MillraceError that says what to do.
 */
export const prepareTopics = async (topology: Topology, settings: AppSettings): Promise<TopicPlan> => {
  const { transport, applicationId } = settings;
  const given = givenTopics(topology, settings);
  const found = await matchTopics(topology, settings);
  const described = await transport.describeTopics([...given, ...found]);
  const missing = given.filter((name) => !described.has(name));
  if (missing.length > 0)
    throw new MillraceError(
      (missing.length === 1 ? "topic " : "topics ") +
        missing.map((name) => `"${name}"`).join(", ") +
        (missing.length === 1 ? " does not exist; create it: " : " do not exist; create them: ") +
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
    // One that has just been deleted is listed for a while.
    found.filter((name) => described.has(name)),
  );
  await checkRepartitions(planned, settings);
  const { topicIds, fresh } = await prepareInternalTopics(topology, planned, planned.internal, settings);
  return {
    ...planned,
    topicIds: new Map([
      ...[...described].map(([name, { topicId }]) => [name, topicId] as const),
      ...topicIds,
    ]),
    fresh,
  };
};

const partitionsOf = (described: ReadonlyMap<string, TopicMetadata>): ReadonlyMap<string, number> =>
  new Map([...described].map(([name, { partitions }]) => [name, partitions]));
