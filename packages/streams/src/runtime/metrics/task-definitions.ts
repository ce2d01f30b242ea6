import type { SubTopology } from "../../sub-topology.ts";
import { repartitionTopicOf, sourceTopics } from "../topics/source-topics.ts";
import { type MetricDefinition, summed } from "./metric-definition.ts";
import type { MetricSource } from "./metric-source.ts";
import type { MetricPoint } from "./metric.ts";
import type { DroppedReason, TaskMetrics } from "./task-metrics.ts";

/** As tags have them, so that the compiler asks for a new one. */
const dropReasons: Readonly<Record<DroppedReason, string>> = {
  nullKey: "null_key",
  nullRepartitionKey: "null_repartition_key",
  negativeTimestamp: "negative_timestamp",
  noPartition: "no_partition",
  handler: "handler",
};

const reasons = Object.keys(dropReasons) as readonly DroppedReason[];

/** Codes that the runtime gives to records that it can't process. */
const ownCodes = ["DESERIALIZATION", "PROCESSING", "PRODUCTION"];

const tagsOf = ({ taskId }: Pick<TaskMetrics, "taskId">): { task: string; sub_topology: string } => ({
  task: taskId,
  sub_topology: taskId.split("_", 1)[0] ?? taskId,
});

const perTask =
  (value: (task: TaskMetrics) => number) =>
  ({ tasks }: MetricSource): readonly MetricPoint[] =>
    [...tasks].map((task) => ({ tags: tagsOf(task), value: value(task) }));

/** What tasks do with records (Kafka Streams' `stream-task-metrics` and `stream-topic-metrics`). */
export const taskDefinitions: readonly MetricDefinition[] = [
  {
    name: "processed",
    kind: "counter",
    unit: "records",
    description: "Records that tasks took and ran through their operators",
    tags: ["task", "sub_topology"],
    kafkaStreams: "process-total",
    points: perTask(({ consumed }) => consumed.records),
  },
  {
    name: "consumed",
    kind: "counter",
    unit: "records",
    description: "The same by source topic",
    tags: ["topic", "sub_topology"],
    kafkaStreams: "records-consumed-total (KIP-846)",
    points: (source) => byTopic(source, "consumed", "records"),
  },
  {
    name: "consumed",
    kind: "counter",
    unit: "bytes",
    description: "Bytes fetched from source topics, compressed as they came",
    tags: ["topic", "sub_topology"],
    kafkaStreams: "bytes-consumed-total (KIP-846)",
    points: (source) => byTopic(source, "consumed", "bytes"),
  },
  {
    name: "sent",
    kind: "counter",
    unit: "records",
    description: "Records given to sink and repartition topics",
    tags: ["topic", "sub_topology"],
    kafkaStreams: "records-produced-total (KIP-846)",
    points: (source) => byTopic(source, "produced", "records"),
  },
  {
    name: "sent",
    kind: "counter",
    unit: "bytes",
    description: "Keys and values given to sink and repartition topics, before compression",
    tags: ["topic", "sub_topology"],
    kafkaStreams: "bytes-produced-total (KIP-846)",
    points: (source) => byTopic(source, "produced", "bytes"),
  },
  {
    name: "forwarded",
    kind: "counter",
    unit: "records",
    description: "Records that an operator sent on, to each that follows it; nodes as describe() names them",
    tags: ["node", "sub_topology"],
    kafkaStreams: "process-total of stream-processor-node-metrics",
    points: ({ topology, tasks }) =>
      summed([
        ...topology.subTopologies.flatMap(({ id, nodes, sources }) =>
          nodes.flatMap((node) => {
            const name = node.kind === "Sink" || sources.includes(node) ? undefined : topology.nameOf(node);
            return name === undefined ? [] : [[{ node: name, sub_topology: String(id) }, 0] as const];
          }),
        ),
        ...[...tasks].flatMap((task) =>
          [...task.forwarded.all].map(
            ({ name, records }) =>
              [{ node: name, sub_topology: tagsOf(task).sub_topology }, records] as const,
          ),
        ),
      ]),
  },
  {
    name: "late",
    kind: "counter",
    unit: "records",
    description: "Records of windows that had closed",
    tags: ["task", "sub_topology"],
    kafkaStreams: "dropped-records-total, the part of windows",
    points: perTask(({ late }) => late),
  },
  {
    name: "dropped",
    kind: "counter",
    unit: "records",
    description: "Records that were left out, by why; late ones and dead letters are counted apart",
    tags: ["reason", "sub_topology"],
    kafkaStreams: "dropped-records-total",
    points: ({ topology, tasks }) =>
      summed([
        ...topology.subTopologies.flatMap(({ id }) =>
          reasons.map((reason) => [{ reason: dropReasons[reason], sub_topology: String(id) }, 0] as const),
        ),
        ...[...tasks].flatMap((task) =>
          reasons.map(
            (reason) =>
              [
                { reason: dropReasons[reason], sub_topology: tagsOf(task).sub_topology },
                task.dropped[reason],
              ] as const,
          ),
        ),
      ]),
  },
  {
    name: "dead_lettered",
    kind: "counter",
    unit: "records",
    description: "Records sent to the dead-letter topic, by the error's code",
    tags: ["reason"],
    kafkaStreams: "dropped-records-total, the part of handlers (KIP-1034)",
    points: ({ tasks }) =>
      summed([
        ...ownCodes.map((reason) => [{ reason }, 0] as const),
        ...[...tasks].flatMap(({ deadLettered }) =>
          [...deadLettered].map(([reason, count]) => [{ reason }, count] as const),
        ),
      ]),
  },
  {
    name: "lag",
    kind: "gauge",
    unit: "records",
    description: "Records between the position and the end of a partition that is read",
    tags: ["topic", "partition", "task"],
    kafkaStreams: "records-lag",
    points: ({ observed }) =>
      [...observed.tasks].flatMap(({ taskId, queues }) =>
        [...queues].map(({ topic, partition, lag }) => ({
          tags: { topic, partition: String(partition), task: taskId },
          value: lag,
        })),
      ),
  },
  {
    name: "async_calls",
    kind: "gauge",
    unit: undefined,
    description: "Calls of mapAsync and the like that are under way or wait for their turn",
    tags: ["task", "sub_topology"],
    kafkaStreams: undefined,
    points: ({ observed }) =>
      [...observed.tasks].map((task) => ({ tags: tagsOf(task), value: task.pendingAsync })),
  },
];

/** By topic and sub-topology; each topic that the topology names is there from the beginning, with 0. */
const byTopic = (
  { topology, applicationId, tasks }: MetricSource,
  counts: "consumed" | "produced",
  field: "records" | "bytes",
): readonly MetricPoint[] =>
  summed([
    ...topology.subTopologies.flatMap((subTopology) =>
      topicsOf(subTopology, applicationId, counts).map(
        (topic) => [{ topic, sub_topology: String(subTopology.id) }, 0] as const,
      ),
    ),
    ...[...tasks].flatMap((task) =>
      [...task[counts].all].map(
        (count) => [{ topic: count.name, sub_topology: tagsOf(task).sub_topology }, count[field]] as const,
      ),
    ),
  ]);

const topicsOf = (
  { sources, nodes, repartitions }: SubTopology,
  applicationId: string,
  counts: "consumed" | "produced",
): readonly string[] =>
  counts === "consumed"
    ? sources.flatMap((node) => sourceTopics(node, applicationId, []))
    : [
        ...nodes.flatMap(({ role }) => (role.type === "sink" ? role.topics.map(({ name }) => name) : [])),
        ...repartitions.map((node) => repartitionTopicOf(node, applicationId)),
      ];
