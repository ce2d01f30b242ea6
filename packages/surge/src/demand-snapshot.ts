import type { DemandHourly } from "@millrace/venue";
import type { PressureMean } from "./baseline.ts";
import { type MetricOrder, metricOrder } from "./metric-order.ts";

/** The demand of one hour that a config sees: a sub-location's metric, or a location's sum with its own history. */
export interface DemandSnapshot extends PressureMean {
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly bookingsCount: number;
  /** 0: unknown. */
  readonly availableCapacity: number;
  /** Bookings per 100 of capacity, 0 if that is unknown. */
  readonly demandPressure: number;
  /** When it was computed, of a location its members' latest; ms since the epoch. */
  readonly timestamp: number;
  readonly order: MetricOrder;
}

/** What SUBLOCATION configs see of a metric; `offset` is its record's. */
export const demandSnapshot = (metric: DemandHourly, offset: number): DemandSnapshot => {
  const { hour, bookingsCount, availableCapacity, demandPressure, timestamp } = metric;
  const { historicalAvgPressure, historySamples, final } = metric;
  const order = metricOrder(hour, [{ final, timestamp, offset }]);
  return {
    hour,
    bookingsCount,
    availableCapacity,
    demandPressure,
    historicalAvgPressure,
    historySamples,
    timestamp,
    order,
  };
};
