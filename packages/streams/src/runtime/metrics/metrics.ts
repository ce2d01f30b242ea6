import type { Metric } from "./metric.ts";

/**
 * The metrics of an application in this process (`KafkaStreams.metrics`, KIP-444, KIP-613): `collect` reads all of them,
 * with their descriptions and tags. Beside it the totals of counters over all tasks, which also a test driver has; all
 * since the application was made, and records unless said otherwise.
 */
export interface Metrics {
  /** Every metric with its values as of now. Costs little, and only when it is called. */
  collect(): readonly Metric[];
  /** Taken from source topics and run through the operators. */
  readonly processed: number;
  /** Sent to sinks and repartition topics. */
  readonly sent: number;
  /** Written to changelog topics. */
  readonly changelogged: number;
  /** Read back from changelog topics by tasks that start. */
  readonly restored: number;
  /** Read from changelog topics by standbys. */
  readonly standbyRestored: number;
  /** Of windows that had closed. */
  readonly late: number;
  /** Left out for a null key (or, without windows, a null value) by an operator that needs one. */
  readonly nullKeys: number;
  /** Left out before a repartition topic for a null key; the JVM does not count these at all. */
  readonly nullRepartitionKeys: number;
  readonly negativeTimestamps: number;
  /** Sent nowhere, because a partitioner chose no partition. */
  readonly noPartition: number;
  /** Left out by an error handler. */
  readonly skipped: number;
  /** By the error's code. */
  readonly deadLettered: ReadonlyMap<string, number>;
  readonly commits: number;
  readonly rebalances: number;
  /** Times that a commit or a start failed, and was begun again. */
  readonly troubles: number;
  /** Times that asynchronous work was told of for taking long. */
  readonly stalls: number;
}
