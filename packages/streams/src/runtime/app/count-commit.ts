import type { Metrics } from "./metrics.ts";

/** A commit is durable: it took so long, and it is so late (ms since the epoch). */
export const countCommit = (metrics: Metrics, tookMs: number, now: number): void => {
  metrics.commits++;
  metrics.lastCommitMs = tookMs;
  metrics.totalCommitMs += tookMs;
  metrics.lastCommitAt = now;
  metrics.commitDurations.add(tookMs);
};
