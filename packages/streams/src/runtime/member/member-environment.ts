import type { AppSettings } from "../app/app-options.ts";
import type { Metrics } from "../app/metrics.ts";
import type { RecordCollector } from "./record-collector.ts";
import type { TaskEnvironment } from "../task/task-environment.ts";

/** What a member's tasks share: what they send goes to its one producer. */
export const memberEnvironment = (
  { clock, log, handlers, deadLetterTopic, lateTopic, caching }: AppSettings,
  metrics: Metrics,
  collector: RecordCollector,
  wake: () => void,
): TaskEnvironment => ({
  clock,
  log,
  metrics,
  handlers,
  sink: collector,
  deadLetterTopic,
  lateTopic,
  caching,
  emitIntervalMs: 0,
  expireInChangelog: true,
  writeChangelog: (store, partition, key, value, timestamp) =>
    collector.writeChangelog(store, partition, key, value, timestamp),
  sendRepartition: (node, record) => collector.sendRepartition(node, record),
  wake,
});
