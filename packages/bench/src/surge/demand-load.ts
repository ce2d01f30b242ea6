import { hours } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";

/** 2026-01-05, a Monday. */
const start = Date.UTC(2026, 0, 5);
/** What every config's baseline is, as every config has one of the operator's own. */
export const baselinePressure = 5;
/** Metrics of a sub-location and hour: revisions, then the final. */
const metricsPerHour = 500;
const capacity = 100;

/** How much demand there is. */
export interface DemandLoad {
  readonly subLocations: number;
  readonly locations: number;
  /** Demand records in all. */
  readonly records: number;
}

export const subLocationId = (n: number): string => `sub-${n}`;
const locationId = (load: DemandLoad, subLocation: number): string =>
  `location-${subLocation % load.locations}`;

/** Hours of which every sub-location has its final. */
export const completeHours = ({ subLocations, records }: DemandLoad): number =>
  Math.floor(records / (subLocations * metricsPerHour));

/** Metrics of complete hours only: then what must come out is known without simulating it. */
export const wholeHours = (load: DemandLoad): DemandLoad => ({
  ...load,
  records: Math.max(1, completeHours(load)) * load.subLocations * metricsPerHour,
});

/** Start of an hour, ms since the epoch. */
export const hourStart = (hour: number): number => start + hours(hour);

/** Bookings that a sub-location's final has. */
export const finalBookings = (subLocation: number, hour: number): number => 1 + ((subLocation + hour) % 20);

/** The n-th record: all sub-locations in turns, each revised again and again, hour after hour. */
export const demandRecord = (load: DemandLoad, n: number): DemandHourly => {
  const subLocation = n % load.subLocations;
  const metric = Math.floor(n / load.subLocations);
  const hour = Math.floor(metric / metricsPerHour);
  const revision = metric % metricsPerHour;
  const final = revision === metricsPerHour - 1;
  const bookingsCount = final
    ? finalBookings(subLocation, hour)
    : Math.floor((finalBookings(subLocation, hour) * revision) / metricsPerHour);
  return {
    subLocationId: subLocationId(subLocation),
    locationId: locationId(load, subLocation),
    hour: hourStart(hour),
    bookingsCount,
    totalAttendees: 2 * bookingsCount,
    availableCapacity: capacity,
    capacityUtilization: 2 * bookingsCount,
    demandPressure: bookingsCount,
    historicalAvgPressure: null,
    historySamples: 0,
    pressureDelta: null,
    final,
    timestamp: hourStart(hour) + hours(revision / metricsPerHour),
  };
};

/** What `sublocations` and `surge_configs` hold: a config of its own for each sub-location and each location. */
export const venueDocuments = (
  load: DemandLoad,
): {
  readonly sublocations: readonly Record<string, unknown>[];
  readonly configs: readonly Record<string, unknown>[];
} => ({
  sublocations: Array.from({ length: load.subLocations }, (_, n) => ({
    _id: subLocationId(n),
    capacity,
    locationId: locationId(load, n),
  })),
  configs: [
    ...Array.from({ length: load.subLocations }, (_, n) => config("SUBLOCATION", subLocationId(n))),
    ...Array.from({ length: load.locations }, (_, n) => config("LOCATION", `location-${n}`)),
  ],
});

const config = (level: string, entityId: string): Record<string, unknown> => ({
  _id: `config of ${entityId}`,
  isActive: true,
  appliesTo: { level, entityId },
  effectiveFrom: null,
  effectiveTo: null,
  timeWindows: [],
  priority: 1,
  demandSupplyParams: { currentSupply: 10, historicalAvgPressure: baselinePressure },
  surgeParams: { alpha: 0.3, minMultiplier: 0.75, maxMultiplier: 1.8, emaAlpha: 0.3 },
});
