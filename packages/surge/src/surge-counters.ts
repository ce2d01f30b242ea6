import type { SkipReason } from "./skip-reason.ts";

/** What the surge topology counts beside the runtime's metrics. */
export interface SurgeCounters {
  /** Drafts decided on, in a dry run too. */
  drafts: number;
  /** Configs that got no draft for a metric, by why. */
  readonly skipped: Map<SkipReason, number>;
  /** Metrics that had been applied before. */
  repeated: number;
}

export const newSurgeCounters = (): SurgeCounters => ({ drafts: 0, skipped: new Map(), repeated: 0 });
