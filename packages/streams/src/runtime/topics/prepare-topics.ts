import { MillraceError } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { TopicSpec, Transport } from "../../transport/transport.ts";
import type { AppSettings } from "../app/app-options.ts";
import { planTopics, type TopicPlan } from "./plan.ts";

/**
 * Checks that source, sink, dead-letter and late topics exist; creates the internal ones that are missing, and
 * refuses those that can't be used as they are. Throws a MillraceError that says what to do.
 */
export const prepareTopics = async (topology: Topology, settings: AppSettings): Promise<TopicPlan> => {
  const { transport, applicationId, deadLetterTopic, lateTopic } = settings;
  const given = new Set<string>([deadLetterTopic, lateTopic].filter((name) => name !== undefined));
  for (const { role } of topology.subTopologies.flatMap(({ nodes }) => nodes)) {
    if (role.type === "source") given.add(role.topic.name);
    if (role.type === "sink") for (const { name } of role.topics) given.add(name);
  }
  const existing = await transport.describeTopics([...given]);
  const missing = [...given].filter((name) => !existing.has(name));
  if (missing.length > 0)
    throw new MillraceError(
      `topic ${missing.map((name) => `"${name}"`).join(", ")} does not exist; create it: ` +
        missing
          .map((name) => `kafka-topics.sh --bootstrap-server BROKER --create --topic ${name} --partitions 6`)
          .join("; "),
      { code: "MISSING_TOPIC" },
    );
  const partitions = new Map([...existing].map(([name, topic]) => [name, topic.partitions]));
  const plan = planTopics(topology, applicationId, partitions);
  await createInternal(plan.internal, transport, settings.replicationFactor);
  return plan;
};

const createInternal = async (
  specs: readonly TopicSpec[],
  transport: Transport,
  replicationFactor: number | undefined,
): Promise<void> => {
  const existing = await transport.describeTopics(specs.map(({ topic }) => topic));
  for (const spec of specs) {
    const topic = existing.get(spec.topic);
    if (topic === undefined) continue;
    if (topic.partitions !== spec.partitions)
      throw new MillraceError(
        `internal topic "${spec.topic}" has ${topic.partitions} partitions, but this topology needs ${spec.partitions}: ` +
          "the number of partitions of a source topic has changed. Stop the application, and delete its internal topics " +
          "(its state is then built anew) or give it another application id",
        { code: "WRONG_PARTITIONS" },
      );
    const policy = (await transport.describeTopicConfig(spec.topic)).get("cleanup.policy") ?? "delete";
    const wanted = spec.configs["cleanup.policy"] ?? "delete";
    if (!policy.split(",").includes(wanted) || (wanted === "delete" && policy !== "delete"))
      throw new MillraceError(
        `internal topic "${spec.topic}" has cleanup.policy=${policy}, which would lose state; set it: kafka-configs.sh ` +
          `--bootstrap-server BROKER --alter --topic ${spec.topic} --add-config cleanup.policy=${wanted}`,
        { code: "WRONG_CLEANUP_POLICY" },
      );
  }
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0)
    await transport.createTopics(
      missing.map((spec) => (replicationFactor === undefined ? spec : { ...spec, replicationFactor })),
    );
};
