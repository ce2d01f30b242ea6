import { BucketCounts } from "@millrace/service";
import type { SkipReason } from "./skip-reason.ts";

/** What the surge topology counts beside the runtime's metrics. */
export interface SurgeCounters {
  /** Drafts decided on, in a dry run too, by their multipliers. */
  readonly multipliers: BucketCounts;
  /** Configs that got no draft for a metric, by why. */
  readonly skipped: Map<SkipReason, number>;
  /** Metrics that had been applied before. */
  repeated: number;
}

/** All of them at 0. */
export const newSurgeCounters = (): SurgeCounters => ({
  // Ends at the usual bounds too: a quantile is told of as lying anywhere within its bucket.
  multipliers: new BucketCounts([0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.65, 1.8, 2, 3]),
  skipped: new Map(),
  repeated: 0,
});
