import type { AppState } from "../settings/app-state.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import type { MetricSource } from "./metric-source.ts";

/** All of them, so that the compiler asks for a new one. */
const states: Readonly<Record<AppState, true>> = {
  created: true,
  rebalancing: true,
  running: true,
  pendingShutdown: true,
  stopped: true,
  error: true,
};

const counter = (
  name: string,
  description: string,
  kafkaStreams: string | undefined,
  value: (source: MetricSource) => number,
): MetricDefinition => ({
  name,
  kind: "counter",
  unit: undefined,
  description,
  tags: [],
  kafkaStreams,
  points: (source) => [{ tags: {}, value: value(source) }],
});

/** What an application has but once (Kafka Streams' `stream-metrics` and `stream-thread-metrics`). */
export const appDefinitions: readonly MetricDefinition[] = [
  {
    name: "state",
    kind: "gauge",
    unit: undefined,
    description: "1 for the state that the application is in, 0 for each other",
    tags: ["state"],
    kafkaStreams: "state, client-state",
    points: ({ observed }) =>
      Object.keys(states).map((state) => ({ tags: { state }, value: state === observed.state ? 1 : 0 })),
  },
  {
    name: "tasks",
    kind: "gauge",
    unit: undefined,
    description: "Tasks of this process, by whether they process or are being brought to it",
    tags: ["state"],
    kafkaStreams: "task-created-total less task-closed-total",
    points: ({ observed }) =>
      Object.entries(observed.taskIds).map(([state, ids]) => ({ tags: { state }, value: ids.length })),
  },
  counter("rebalances", "Rebalances", "rebalance-total", ({ rebalances }) => rebalances),
  counter("commits", "Commits", "commit-total", ({ commitDurations }) => commitDurations.count),
  {
    name: "commit_duration",
    kind: "histogram",
    unit: "seconds",
    description: "How long commits took, from their seal until they were durable",
    tags: [],
    kafkaStreams: "commit-latency-avg, commit-latency-max",
    points: ({ commitDurations }) => [{ tags: {}, value: commitDurations.value }],
  },
  {
    name: "last_commit_age",
    kind: "gauge",
    unit: "seconds",
    description: "Time since the last commit; nothing is committed while nothing comes in",
    tags: [],
    kafkaStreams: undefined,
    points: ({ lastCommitAt, now }) =>
      lastCommitAt === undefined ? [] : [{ tags: {}, value: Math.max(0, now - lastCommitAt) / 1_000 }],
  },
  {
    name: "uncommitted",
    kind: "gauge",
    unit: "bytes",
    description: "What waits to be sent with the next commit, and what stores hold for it",
    tags: [],
    kafkaStreams: "total-cache-size-bytes",
    points: ({ observed }) => [{ tags: {}, value: observed.uncommittedBytes }],
  },
  counter(
    "troubles",
    "Times that a commit or a start failed, and was begun again",
    "failed-stream-threads",
    ({ troubles }) => troubles,
  ),
  counter("stalls", "Times that work was told of for taking long", undefined, ({ stalls }) => stalls),
  {
    name: "stalled",
    kind: "gauge",
    unit: "seconds",
    description: "How long the oldest asynchronous work that is under way has taken",
    tags: [],
    kafkaStreams: undefined,
    points: ({ stalledMs }) => [{ tags: {}, value: stalledMs / 1_000 }],
  },
  counter(
    "offsets_out_of_range",
    "Times that a position was not in its log any more",
    undefined,
    ({ offsetsOutOfRange }) => offsetsOutOfRange,
  ),
  {
    name: "turn_delay",
    kind: "histogram",
    unit: "seconds",
    description:
      "How long the event loop kept the application from its turn: other code, garbage collection, no CPU",
    tags: [],
    kafkaStreams: undefined,
    points: ({ turnDelays }) => [{ tags: {}, value: turnDelays.value }],
  },
];
