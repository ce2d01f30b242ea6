import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import { changelogTopic, repartitionTopic } from "./internal-topic-names.ts";

/** The topics of an application, and how many tasks they make. */
export interface TopicPlan {
  /** Number of partitions of every topic that is read or written. */
  readonly partitions: ReadonlyMap<string, number>;
  /** Number of tasks of each sub-topology, by its id. */
  readonly tasks: readonly number[];
  /** Repartition and changelog topics. */
  readonly internal: readonly TopicSpec[];
}

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

/** Name of the topic that a source node reads. */
export const sourceTopic = (node: StageNode, applicationId: string): string => {
  if (node.role.type === "source") return node.role.topic.name;
  if (node.role.type === "repartition") return repartitionTopic(applicationId, node.role.name);
  throw new Error(`"${node.operator}" reads no topic`);
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
