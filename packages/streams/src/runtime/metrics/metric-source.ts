import type { Topology } from "../../topology.ts";
import type { Histogram } from "./histogram.ts";
import type { Observed } from "./observed.ts";
import type { TaskMetrics } from "./task-metrics.ts";

/** How long the requests of a client took. */
export interface RequestTimes {
  readonly client: string;
  readonly request: string;
  readonly times: Histogram;
}

/** All that the metrics are read from. */
export interface MetricSource {
  readonly topology: Topology;
  readonly applicationId: string;
  /** Wall clock, ms since the epoch. */
  readonly now: number;
  readonly observed: Observed;
  readonly tasks: Iterable<TaskMetrics>;
  readonly requests: Iterable<RequestTimes>;
  readonly commitDurations: Histogram;
  readonly turnDelays: Histogram;
  readonly lastCommitAt: number | undefined;
  readonly rebalances: number;
  readonly troubles: number;
  readonly stalls: number;
  readonly stalledMs: number;
  readonly offsetsOutOfRange: number;
}
