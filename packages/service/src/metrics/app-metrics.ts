import type { App, AppState } from "@millrace/streams";
import type { ServedApplication } from "../service.ts";
import { topicAndPartition } from "../topic-and-partition.ts";

/** A number, and its labels beside `application`. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** How a metric of Prometheus is read from an application. Its name has the prefix `millrace_`. */
export interface AppMetric {
  readonly type: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (application: ServedApplication) => Iterable<Sample>;
}

const counter = (name: string, help: string, value: (app: App) => number): AppMetric => ({
  type: "counter",
  name,
  help,
  labels: [],
  samples: ({ app }) => [[{}, value(app)]],
});

/** All of them, so that the compiler asks for a new one. */
const states: Readonly<Record<AppState, true>> = {
  created: true,
  rebalancing: true,
  running: true,
  pendingShutdown: true,
  stopped: true,
  error: true,
};

/** Codes that the runtime gives to records that it can't process. */
const reasonsOfTheRuntime = ["DESERIALIZATION", "PROCESSING", "PRODUCTION"];

/** Everything that is told of an application: one entry each, read when it is asked for. */
export const appMetrics: readonly AppMetric[] = [
  counter("processed_records_total", "Records taken from source topics", ({ metrics }) => metrics.processed),
  counter(
    "sent_records_total",
    "Records sent to sinks and repartition topics",
    ({ metrics }) => metrics.sent,
  ),
  counter(
    "changelogged_records_total",
    "Records written to changelog topics",
    ({ metrics }) => metrics.changelogged,
  ),
  counter("late_records_total", "Records of windows that had closed", ({ metrics }) => metrics.late),
  counter("null_key_records_total", "Records left out for a null key", ({ metrics }) => metrics.nullKeys),
  counter(
    "null_repartition_key_records_total",
    "Records left out before a repartition topic for a null key",
    ({ metrics }) => metrics.nullRepartitionKeys,
  ),
  counter(
    "negative_timestamp_records_total",
    "Records left out for a negative timestamp",
    ({ metrics }) => metrics.negativeTimestamps,
  ),
  counter("skipped_records_total", "Records left out by an error handler", ({ metrics }) => metrics.skipped),
  counter("restored_records_total", "Changelog records read back", ({ metrics }) => metrics.restored),
  counter("commits_total", "Commits", ({ metrics }) => metrics.commits),
  counter("commit_seconds_total", "Time that commits took", ({ metrics }) => metrics.totalCommitMs / 1000),
  counter(
    "troubles_total",
    "Times that a commit or a start failed, and was begun again",
    ({ metrics }) => metrics.troubles,
  ),
  counter("stalls_total", "Times that work was told of for taking long", ({ metrics }) => metrics.stalls),
  counter(
    "offsets_out_of_range_total",
    "Times that a position was not in its log any more",
    ({ metrics }) => metrics.offsetsOutOfRange,
  ),
  counter("rebalances_total", "Rebalances", ({ metrics }) => metrics.rebalances),
  {
    type: "counter",
    name: "dead_lettered_records_total",
    help: "Records dead-lettered, by reason",
    labels: ["reason"],
    samples: ({ app: { metrics }, deadLetterReasons }) =>
      [...new Set([...reasonsOfTheRuntime, ...deadLetterReasons, ...metrics.deadLettered.keys()])].map(
        (reason): Sample => [{ reason }, metrics.deadLettered.get(reason) ?? 0],
      ),
  },
  {
    type: "gauge",
    name: "lag_records",
    help: "Records between the position and the end, by partition",
    labels: ["topic", "partition"],
    samples: ({ app }) =>
      [...app.lag].map(([name, value]): Sample => {
        const { topic, partition } = topicAndPartition(name);
        return [{ topic, partition: String(partition) }, value];
      }),
  },
  {
    type: "gauge",
    name: "tasks",
    help: "Tasks, by whether they process or still restore",
    labels: ["state"],
    samples: ({ app: { tasks } }) => [
      [{ state: "active" }, tasks.active.length],
      [{ state: "restoring" }, tasks.restoring.length],
    ],
  },
  {
    type: "gauge",
    name: "state",
    help: "1 for the state that the application is in, 0 for each other",
    labels: ["state"],
    samples: ({ app }) =>
      Object.keys(states).map((state): Sample => [{ state }, state === app.state ? 1 : 0]),
  },
  {
    type: "gauge",
    name: "stalled_seconds",
    help: "How long the oldest work that takes long has taken",
    labels: [],
    samples: ({ app }) => [[{}, app.metrics.stalledMs / 1000]],
  },
  {
    type: "gauge",
    name: "to_restore_records",
    help: "Changelog records still to be read before all tasks process, at most",
    labels: [],
    samples: ({ app }) => [[{}, app.metrics.toRestore]],
  },
  {
    type: "gauge",
    name: "last_commit_age_seconds",
    help: "Time since the last commit; nothing is committed while nothing comes in",
    labels: [],
    samples: ({ app: { metrics } }) =>
      metrics.lastCommitAt === undefined ? [] : [[{}, Math.max(0, Date.now() - metrics.lastCommitAt) / 1000]],
  },
];
