import { MillraceError } from "../errors.ts";
import type { StageNode } from "../stages.ts";
import type { SubTopology } from "../sub-topology.ts";
import type { Topology } from "../topology.ts";
import type { TopicSpec, Transport } from "../transport/transport.ts";
import type { AppSettings } from "./app-options.ts";
import { changelogTopic, repartitionTopic } from "./internal-topic-names.ts";

/** The topics of an application, checked against the cluster. */
export interface TopicPlan {
  /** Number of partitions of every topic that is read or written. */
  readonly partitions: ReadonlyMap<string, number>;
  /** Number of tasks of each sub-topology, by its id. */
  readonly tasks: readonly number[];
  /** Repartition and changelog topics. */
  readonly internal: readonly TopicSpec[];
}

/** Name of the topic that a source node reads. */
export const sourceTopic = (node: StageNode, applicationId: string): string => {
  if (node.role.type === "source") return node.role.topic.name;
  if (node.role.type === "repartition") return repartitionTopic(applicationId, node.role.name);
  throw new Error(`"${node.operator}" reads no topic`);
};

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

/** Plans the internal topics; `given` has the number of partitions of those that users make. */
export const planTopics = (
  topology: Topology,
  applicationId: string,
  given: ReadonlyMap<string, number>,
): TopicPlan => {
  const partitions = new Map(given);
  const internal: TopicSpec[] = [];
  const tasks: number[] = [];
  // Upstream sub-topologies come first, so what feeds a repartition topic is known when it is sized.
  for (const part of topology.subTopologies) {
    for (const node of part.sources)
      if (node.role.type === "repartition") {
        const spec = repartitionSpec(node, topology, applicationId, partitions);
        internal.push(spec);
        partitions.set(spec.topic, spec.partitions);
      }
    const count = taskCount(part, applicationId, partitions);
    tasks.push(count);
    for (const store of part.stores)
      if (store.changelog)
        internal.push({
          topic: changelogTopic(applicationId, store.name),
          partitions: count,
          // Not "compact,delete" as on the JVM: see the tombstones of expired windows in memory-window-store.ts.
          configs: { "cleanup.policy": "compact", "message.timestamp.type": "CreateTime" },
        });
  }
  for (const { topic, partitions: count } of internal) partitions.set(topic, count);
  return { partitions, tasks, internal };
};

/** Names of the repartition topics that a topology reads. */
export const repartitionTopics = (topology: Topology, applicationId: string): ReadonlySet<string> =>
  new Set(
    topology.subTopologies
      .flatMap(({ sources }) => sources)
      .filter(({ role }) => role.type === "repartition")
      .map((node) => sourceTopic(node, applicationId)),
  );

const taskCount = (
  part: SubTopology,
  applicationId: string,
  partitions: ReadonlyMap<string, number>,
): number => Math.max(...part.sources.map((node) => partitions.get(sourceTopic(node, applicationId)) ?? 0));

const repartitionSpec = (
  node: StageNode,
  topology: Topology,
  applicationId: string,
  partitions: ReadonlyMap<string, number>,
): TopicSpec => {
  const topic = sourceTopic(node, applicationId);
  const feeding = topology.subTopologies.filter((part) => part.repartitions.includes(node));
  const upstream = Math.max(...feeding.map((part) => taskCount(part, applicationId, partitions)));
  const asked = node.role.type === "repartition" ? node.role.partitions : undefined;
  return {
    topic,
    partitions: asked ?? upstream,
    configs: {
      "cleanup.policy": "delete",
      // Deleted by DeleteRecords once committed, never by time: old records must survive a replay.
      "retention.ms": "-1",
      "segment.bytes": "52428800",
      "message.timestamp.type": "CreateTime",
    },
  };
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
