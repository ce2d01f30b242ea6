/** The sub-locations of the demo; each has room for 100. */
export const capacity = 100;

export interface DemoSubLocation {
  readonly id: string;
  readonly locationId: string;
  /** The operator's own idea of what pressure is usual. */
  readonly usualPressure: number;
}

export const subLocations: readonly DemoSubLocation[] = [
  { id: "hall-1", locationId: "venue-0", usualPressure: 4 },
  { id: "hall-2", locationId: "venue-1", usualPressure: 3 },
  { id: "studio", locationId: "venue-0", usualPressure: 5 },
  { id: "court", locationId: "venue-1", usualPressure: 3 },
  { id: "garden", locationId: "venue-0", usualPressure: 4 },
  // The example of the system's description: 15 bookings on 100 against 1.2 is 1.7577.
  { id: "arena", locationId: "venue-2", usualPressure: 1.2 },
];

/** The locations that have a config of their own. */
export const pricedLocations: readonly { readonly id: string; readonly usualPressure: number }[] = [
  { id: "venue-0", usualPressure: 3 },
];

const surgeParams = { alpha: 0.3, minMultiplier: 0.75, maxMultiplier: 1.8, emaAlpha: 0.3 };

const config = (level: "SUBLOCATION" | "LOCATION", entityId: string, usualPressure: number) => ({
  _id: `surge-${entityId}`,
  name: `surge for ${entityId}`,
  isActive: true,
  appliesTo: { level, entityId },
  effectiveFrom: null,
  effectiveTo: null,
  timeWindows: [],
  priority: level === "LOCATION" ? 0 : 10,
  demandSupplyParams: { currentSupply: 10, historicalAvgPressure: usualPressure },
  surgeParams,
});

export type DemoSurgeConfig = ReturnType<typeof config>;

/** Documents of `surge_configs`. */
export const surgeConfigs: readonly DemoSurgeConfig[] = [
  ...subLocations.map(({ id, usualPressure }) => config("SUBLOCATION", id, usualPressure)),
  ...pricedLocations.map(({ id, usualPressure }) => config("LOCATION", id, usualPressure)),
];

/** What a pressure makes of a price, by the formula as it is written down. */
export const multiplierOf = (pressure: number, usualPressure: number): number =>
  Math.min(
    surgeParams.maxMultiplier,
    Math.max(surgeParams.minMultiplier, 1 + surgeParams.alpha * Math.log(pressure / usualPressure)),
  );
