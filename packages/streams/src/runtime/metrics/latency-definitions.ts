import type { MetricDefinition } from "./metric-definition.ts";
import type { MetricSource } from "./metric-source.ts";
import type { HistogramValue, MetricPoint } from "./metric.ts";
import { summedHistograms } from "./histogram.ts";
import type { Latencies, RecentLatency } from "./latencies.ts";

const places = ["source", "sink"] as const;

/** The latencies of each sub-topology's tasks, where records enter and where they leave. */
const bySubTopology = ({
  topology,
  tasks,
}: MetricSource): readonly { readonly tags: MetricPoint["tags"]; readonly of: readonly Latencies[] }[] => {
  const all = [...tasks];
  return topology.subTopologies.flatMap(({ id }) =>
    places.map((at) => ({
      tags: { sub_topology: String(id), at },
      of: all.filter(({ taskId }) => taskId.startsWith(`${id}_`)).map((task) => task[at]),
    })),
  );
};

const recent = (
  name: string,
  description: string,
  kafkaStreams: string,
  value: (latencies: readonly RecentLatency[]) => number,
): MetricDefinition => ({
  name,
  kind: "gauge",
  unit: "seconds",
  description,
  tags: ["sub_topology", "at"],
  kafkaStreams,
  points: (source) =>
    bySubTopology(source).flatMap(({ tags, of }) => {
      const some = of
        .map((latencies) => latencies.recent(source.now))
        .filter((latency) => latency !== undefined);
      return some.length === 0 ? [] : [{ tags, value: value(some) / 1_000 }];
    }),
});

/** How long after their timestamps records are taken, and sent on (KIP-613), for all tasks of a sub-topology. */
export const latencyDefinitions: readonly MetricDefinition[] = [
  {
    name: "record_e2e_latency",
    kind: "histogram",
    unit: "seconds",
    description:
      "How old records were by the wall clock, by their timestamps, when a task took them (source) and when they were " +
      "given to a topic (sink)",
    tags: ["sub_topology", "at"],
    kafkaStreams: "record-e2e-latency (KIP-613)",
    points: (source) => bySubTopology(source).map(({ tags, of }) => ({ tags, value: latencyHistogram(of) })),
  },
  recent(
    "record_e2e_latency_min",
    "The least of the last 30 to 60 seconds",
    "record-e2e-latency-min",
    (all) => Math.min(...all.map(({ min }) => min)),
  ),
  recent(
    "record_e2e_latency_avg",
    "The mean of the last 30 to 60 seconds",
    "record-e2e-latency-avg",
    (all) =>
      all.reduce((sum, { avg, count }) => sum + avg * count, 0) /
      all.reduce((sum, { count }) => sum + count, 0),
  ),
  recent(
    "record_e2e_latency_max",
    "The greatest of the last 30 to 60 seconds",
    "record-e2e-latency-max",
    (all) => Math.max(...all.map(({ max }) => max)),
  ),
];

const latencyHistogram = (latencies: readonly Latencies[]): HistogramValue =>
  summedHistograms(latencies.map(({ histogram }) => histogram.value));
