/** A counter only grows while the process lives, a gauge is as of now, a histogram counts what was measured by size. */
export type MetricKind = "counter" | "gauge" | "histogram";

/** What a value is in; undefined for a bare number. */
export type MetricUnit = "records" | "bytes" | "seconds" | undefined;

/** What tells the points of one metric apart; the names of Kafka Streams' tags where it has them. */
export type MetricTag =
  | "task"
  | "sub_topology"
  | "node"
  | "store"
  | "topic"
  | "partition"
  | "client"
  | "request"
  | "reason"
  | "result"
  | "state"
  | "at";

/** What a metric is: the same for every application. */
export interface MetricDescription {
  /** In words with underscores between them, without unit: `commit_duration`. */
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly description: string;
  readonly tags: readonly MetricTag[];
  /** What has this meaning in Kafka Streams or its clients, e.g. `commit-total`; undefined: nothing has. */
  readonly kafkaStreams: string | undefined;
}

/** What a histogram has counted. */
export interface HistogramValue {
  /** Upper ends of the buckets, ascending and inclusive, in the metric's unit. */
  readonly bounds: readonly number[];
  /** How many were in each bucket alone; one more than `bounds`, for what was greater than all. */
  readonly counts: readonly number[];
  readonly count: number;
  /** Of all that was measured, in the metric's unit. */
  readonly sum: number;
}

/** One value of a metric, with its tags. */
export interface MetricPoint {
  readonly tags: Readonly<Partial<Record<MetricTag, string>>>;
  readonly value: number | HistogramValue;
}

/** A metric and its values as of now. */
export interface Metric extends MetricDescription {
  readonly points: readonly MetricPoint[];
}
