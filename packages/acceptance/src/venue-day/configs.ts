import { ObjectId } from "mongodb";
import { harbour, places, popUp, textOf } from "./places.ts";
import { dayStart, hour } from "./the-day.ts";

export interface TimeWindowDocument {
  readonly daysOfWeek?: readonly number[];
  readonly startTime: string;
  readonly endTime: string;
}

/** A document of `surge_configs`; `id` is its `_id`. */
export interface SurgeConfigDocument {
  readonly id: string | ObjectId;
  readonly isActive: boolean;
  readonly appliesTo: { readonly level: "SUBLOCATION" | "LOCATION"; readonly entityId: string | ObjectId };
  readonly effectiveFrom: Date | null;
  readonly effectiveTo: Date | null;
  readonly timeWindows: readonly TimeWindowDocument[];
  readonly priority: number;
  readonly demandSupplyParams: {
    readonly currentSupply?: number;
    readonly historicalAvgPressure?: number;
    readonly manualHistoricalAvgPressure?: number | null;
  };
  readonly surgeParams: {
    readonly alpha?: number;
    readonly minMultiplier?: number;
    readonly maxMultiplier?: number;
  };
}

const config = (
  id: string | ObjectId,
  level: "SUBLOCATION" | "LOCATION",
  entityId: string | ObjectId,
  more: Partial<SurgeConfigDocument> = {},
): SurgeConfigDocument => ({
  id,
  isActive: true,
  appliesTo: { level, entityId },
  effectiveFrom: null,
  effectiveTo: null,
  timeWindows: [],
  priority: 0,
  demandSupplyParams: { currentSupply: 10, historicalAvgPressure: 2 },
  surgeParams: {},
  ...more,
});

const configId = (n: number): ObjectId => new ObjectId(n.toString(16).padStart(24, "0"));

/** One for every place, half of them with a baseline of the operator's. */
const ofPlaces = places.map(({ id }, n) =>
  config(n % 7 === 0 ? configId(n) : `own of ${textOf(id)}`, "SUBLOCATION", id, {
    priority: n,
    demandSupplyParams: {
      currentSupply: 5 + (n % 10),
      ...([1, 3, 4, 6, 9].includes(n % 10) && { historicalAvgPressure: 0.5 + (n % 10) * 0.4 }),
    },
    surgeParams: n % 10 === 5 ? {} : { alpha: 0.1 + (n % 4) * 0.2, minMultiplier: 0.8, maxMultiplier: 1.6 },
  }),
);

const windows = (entityId: string, timeWindow: TimeWindowDocument): SurgeConfigDocument =>
  config(`sometimes ${entityId}`, "SUBLOCATION", entityId, { timeWindows: [timeWindow] });

export const noSupply: SurgeConfigDocument = config("no supply", "SUBLOCATION", "north-0", {
  demandSupplyParams: { currentSupply: 0, historicalAvgPressure: 2 },
});
export const inactive: SurgeConfigDocument = config("inactive", "SUBLOCATION", "north-0", {
  isActive: false,
});
export const invalid: SurgeConfigDocument = config("invalid", "SUBLOCATION", "north-0", {
  surgeParams: { alpha: 0.3, minMultiplier: 1.5, maxMultiplier: 1.2 },
});
const untilNoon: SurgeConfigDocument = config("until noon", "SUBLOCATION", "south-6", {
  effectiveFrom: new Date(dayStart + 3 * hour),
  effectiveTo: new Date(dayStart + 12 * hour),
});
export const evenings: SurgeConfigDocument = windows("north-0", {
  daysOfWeek: [4],
  startTime: "18:00",
  endTime: "01:00",
});
/** Its baseline is never there: neither history nor an operator. */
const coldLocation: SurgeConfigDocument = config("west", "LOCATION", "west", {
  demandSupplyParams: { currentSupply: 40 },
});

export const surgeConfigs: readonly SurgeConfigDocument[] = [
  ...ofPlaces,
  noSupply,
  inactive,
  invalid,
  untilNoon,
  evenings,
  windows("south-0", { startTime: "05:30", endTime: "07:00" }),
  windows("west-0", { daysOfWeek: [3], startTime: "22:00", endTime: "04:00" }),
  windows("west-1", { daysOfWeek: [5], startTime: "00:00", endTime: "00:00" }),
  config("someone else's baseline", "SUBLOCATION", "south-2", {
    demandSupplyParams: { currentSupply: 3, historicalAvgPressure: 7, manualHistoricalAvgPressure: 2.5 },
  }),
  config("as text", "SUBLOCATION", textOf(places[9]?.id ?? "")),
  config("pop-up", "SUBLOCATION", popUp),
  config("north", "LOCATION", "north", { priority: 7 }),
  config("south", "LOCATION", "south", {
    surgeParams: { alpha: 1 },
    timeWindows: [{ startTime: "08:00", endTime: "20:00" }],
  }),
  config("east", "LOCATION", "east", { demandSupplyParams: { currentSupply: 40 } }),
  coldLocation,
  config(configId(4_711), "LOCATION", harbour, { surgeParams: { alpha: 0.6, maxMultiplier: 3 } }),
];
