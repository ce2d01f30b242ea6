import type { DemandHourly } from "@millrace/venue";
import { venueClock } from "./venue-clock.ts";

/** A document of `demand_history`. One per (subLocationId, timestamp). */
export interface DemandHistoryDocument {
  readonly subLocationId: string;
  /** 0 = Sunday, on the venue's clocks. */
  readonly dayOfWeek: number;
  /** 0–23, on the venue's clocks. */
  readonly hour: number;
  readonly bookingsCount: number;
  readonly demandPressure: number;
  /** Start of the UTC hour. */
  readonly timestamp: Date;
  /** To be set on insert only: 30 days later the document goes. */
  readonly createdAt: Date;
}

/**
 * What a metric leaves in the history; undefined if it is no final, or of unknown capacity. `timeZone` is IANA, `now`
 * the wall clock in ms since the epoch.
 */
export const demandHistoryDocument = (
  metric: DemandHourly,
  timeZone: string,
  now: number,
): DemandHistoryDocument | undefined => {
  if (!metric.final || metric.availableCapacity <= 0) return undefined;
  const { dayOfWeek, hour } = venueClock(metric.hour, timeZone);
  const { subLocationId, bookingsCount, demandPressure } = metric;
  return {
    subLocationId,
    dayOfWeek,
    hour,
    bookingsCount,
    demandPressure,
    timestamp: new Date(metric.hour),
    createdAt: new Date(now),
  };
};
