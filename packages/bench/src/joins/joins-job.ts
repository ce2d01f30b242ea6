import type { Guarantee } from "@millrace/streams";

/** What is measured: `sessions` is an aggregation, the others join the topics `left` and `right`. */
export const joinsWorkloads = ["stream-table", "stream-stream", "table-table", "sessions"] as const;

export type JoinsWorkload = (typeof joinsWorkloads)[number];

/** What an engine is told to do. */
export interface JoinsJob {
  readonly workload: JoinsWorkload;
  readonly brokers: string;
  readonly applicationId: string;
  readonly left: string;
  /** Not read by sessions. */
  readonly right: string;
  readonly output: string;
  /** How far apart joined records may be, or the gap that ends a session, ms; the grace, too. */
  readonly windowMs: number;
  readonly guarantee: Guarantee;
  /** Of all that it reads. */
  readonly records: number;
}
