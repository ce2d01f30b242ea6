import type { App } from "@millrace/streams";
import type { DemandCounters } from "./counters.ts";

/** The metrics of an application in Prometheus' text format. */
export const prometheusText = ({ metrics, lag, state, tasks }: App, counters: DemandCounters): string => {
  const lines: string[] = [];
  const add = (
    type: "counter" | "gauge",
    name: string,
    help: string,
    values: Readonly<Record<string, number>>,
  ): void => {
    lines.push(`# HELP millrace_${name} ${help}`, `# TYPE millrace_${name} ${type}`);
    for (const [labels, value] of Object.entries(values)) lines.push(`millrace_${name}${labels} ${value}`);
  };
  const count = (name: string, help: string, value: number): void =>
    add("counter", name, help, { "": value });
  count("processed_records_total", "Records taken from source topics", metrics.processed);
  count("sent_records_total", "Records sent to sinks and repartition topics", metrics.sent);
  count("late_records_total", "Records of hours that had closed", metrics.late);
  count("duplicate_records_total", "Repeated events that changed nothing", counters.duplicates);
  count("skipped_records_total", "Records left out by an error handler", metrics.skipped);
  count("restored_records_total", "Changelog records read back", metrics.restored);
  count("unknown_capacity_total", "Demand records without a known capacity", counters.unknownCapacity);
  count("commits_total", "Commits", metrics.commits);
  count("commit_seconds_total", "Time that commits took", metrics.totalCommitMs / 1000);
  count("rebalances_total", "Rebalances", metrics.rebalances);
  add(
    "counter",
    "dead_lettered_records_total",
    "Records dead-lettered, by reason",
    labelled("reason", metrics.deadLettered),
  );
  add("gauge", "lag_records", "Records between the position and the end", labelled("partition", lag));
  add(
    "gauge",
    "tasks",
    "Tasks",
    labelled("state", [
      ["active", tasks.active.length],
      ["restoring", tasks.restoring.length],
    ]),
  );
  add("gauge", "state", "1 for the state the application is in", labelled("state", [[state, 1]]));
  return lines.join("\n");
};

const labelled = (label: string, entries: Iterable<readonly [string, number]>): Record<string, number> =>
  Object.fromEntries([...entries].map(([name, value]) => [`{${label}="${name}"}`, value]));
