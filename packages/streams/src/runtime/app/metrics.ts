import { CommitDurations } from "./commit-durations.ts";

/** Counters of an application, all since its start. Records, unless said otherwise. */
export interface Metrics {
  processed: number;
  /** Sent to sinks and repartition topics. */
  sent: number;
  /** Written to changelog topics. */
  changelogged: number;
  late: number;
  /** Left out for a null key (or, without windows, a null value) by an operator that needs one. */
  nullKeys: number;
  /** Left out before a repartition topic for a null key; the JVM does not count these at all. */
  nullRepartitionKeys: number;
  negativeTimestamps: number;
  skipped: number;
  /** By the error's code. */
  readonly deadLettered: Map<string, number>;
  /** Read back from changelog topics. */
  restored: number;
  commits: number;
  /** Duration of the last commit and of all, ms. */
  lastCommitMs: number;
  totalCommitMs: number;
  readonly commitDurations: CommitDurations;
  /** When the last commit ended, ms since the epoch; undefined before the first. */
  lastCommitAt: number | undefined;
  rebalances: number;
  /** Times that a commit or a start failed, and was begun again. */
  troubles: number;
  /** Times that asynchronous work was told of for taking long, and how long the oldest has taken now, ms. */
  stalls: number;
  stalledMs: number;
  /** Records of changelogs still to be read, at most. */
  toRestore: number;
  /** Times that a position was not in its log any more. */
  offsetsOutOfRange: number;
}

export const newMetrics = (): Metrics => ({
  processed: 0,
  sent: 0,
  changelogged: 0,
  late: 0,
  nullKeys: 0,
  nullRepartitionKeys: 0,
  negativeTimestamps: 0,
  skipped: 0,
  deadLettered: new Map(),
  restored: 0,
  commits: 0,
  lastCommitMs: 0,
  totalCommitMs: 0,
  commitDurations: new CommitDurations(),
  lastCommitAt: undefined,
  rebalances: 0,
  troubles: 0,
  stalls: 0,
  stalledMs: 0,
  toRestore: 0,
  offsetsOutOfRange: 0,
});
