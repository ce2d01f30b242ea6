/** What orders the metrics of one sub-location in one hour: a final comes after every revision. */
export interface MemberOrder {
  readonly final: boolean;
  /** When the metric was computed, ms since the epoch. */
  readonly timestamp: number;
  /** Of the metric's record; a sub-location's metrics share a partition. */
  readonly offset: number;
}

/**
 * What orders the demand that a config sees, and what its guards keep: (hour, final, timestamp, offset), compared in
 * that order. For a sub-location those of its metric, with final as 0 or 1. For a location the sums over its
 * members' metrics, which any member's newer metric raises, and no older one: so that a replay, which sees fewer or
 * older members, never comes before what was written. Exact up to some 5000 members.
 */
export interface MetricOrder {
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly final: number;
  readonly timestamp: number;
  readonly offset: number;
}

/** Below 0 if `a` is older than `b`, 0 if they are the same metric. */
export const compareMembers = (a: MemberOrder, b: MemberOrder): number =>
  Number(a.final) - Number(b.final) || a.timestamp - b.timestamp || a.offset - b.offset;

/** Below 0 if `a` is older than `b`, 0 if they are the same demand. */
export const compareMetrics = (a: MetricOrder, b: MetricOrder): number =>
  a.hour - b.hour || a.final - b.final || a.timestamp - b.timestamp || a.offset - b.offset;

/** The order of the demand that these metrics of an hour make up. */
export const metricOrder = (hour: number, members: readonly MemberOrder[]): MetricOrder => ({
  hour,
  final: members.filter(({ final }) => final).length,
  timestamp: members.reduce((sum, { timestamp }) => sum + timestamp, 0),
  offset: members.reduce((sum, { offset }) => sum + offset, 0),
});
