import type { Guarantee } from "@millrace/streams";

/** What an engine is told of an hourly aggregation. */
export interface HourlyJob {
  readonly brokers: string;
  readonly registryUrl: string;
  readonly applicationId: string;
  readonly input: string;
  readonly output: string;
  readonly records: number;
  readonly guarantee: Guarantee;
}
