import type { App } from "@millrace/streams";
import type { Service } from "./service.ts";

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The metrics of a service in Prometheus' text format, by application. */
export const prometheusText = ({ apps, counters }: Service): string => {
  const lines: string[] = [];
  const add = (type: "counter" | "gauge", name: string, help: string, samples: readonly Sample[]): void => {
    lines.push(`# HELP millrace_${name} ${help}`, `# TYPE millrace_${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`millrace_${name}${labelled(labels)} ${value}`);
  };
  const each = (
    type: "counter" | "gauge",
    name: string,
    help: string,
    samplesOf: (app: App) => readonly Sample[],
  ): void =>
    add(
      type,
      name,
      help,
      apps.flatMap((app) =>
        samplesOf(app).map(([labels, value]): Sample => [
          { application: app.applicationId, ...labels },
          value,
        ]),
      ),
    );
  const count = (name: string, help: string, value: (app: App) => number): void =>
    each("counter", name, help, (app) => [[{}, value(app)]]);
  count("processed_records_total", "Records taken from source topics", ({ metrics }) => metrics.processed);
  count("sent_records_total", "Records sent to sinks and repartition topics", ({ metrics }) => metrics.sent);
  count("late_records_total", "Records of windows that had closed", ({ metrics }) => metrics.late);
  count("null_key_records_total", "Records left out for a null key", ({ metrics }) => metrics.nullKeys);
  count(
    "null_repartition_key_records_total",
    "Records left out before a repartition topic for a null key",
    ({ metrics }) => metrics.nullRepartitionKeys,
  );
  count(
    "negative_timestamp_records_total",
    "Records left out for a negative timestamp",
    ({ metrics }) => metrics.negativeTimestamps,
  );
  count("skipped_records_total", "Records left out by an error handler", ({ metrics }) => metrics.skipped);
  count("restored_records_total", "Changelog records read back", ({ metrics }) => metrics.restored);
  count("commits_total", "Commits", ({ metrics }) => metrics.commits);
  count("commit_seconds_total", "Time that commits took", ({ metrics }) => metrics.totalCommitMs / 1000);
  count("rebalances_total", "Rebalances", ({ metrics }) => metrics.rebalances);
  each("counter", "dead_lettered_records_total", "Records dead-lettered, by reason", ({ metrics }) =>
    [...metrics.deadLettered].map(([reason, value]) => [{ reason }, value]),
  );
  each("gauge", "lag_records", "Records between the position and the end", ({ lag }) =>
    [...lag].map(([partition, value]) => [{ partition }, value]),
  );
  each("gauge", "tasks", "Tasks", ({ tasks }) => [
    [{ state: "active" }, tasks.active.length],
    [{ state: "restoring" }, tasks.restoring.length],
  ]);
  each("gauge", "state", "1 for the state the application is in", ({ state }) => [[{ state }, 1]]);
  for (const { name, help, value } of counters) add("counter", name, help, [[{}, value]]);
  return lines.join("\n");
};

const labelled = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, "_")}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};
