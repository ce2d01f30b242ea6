import type { EntityId } from "./entity-id.ts";
import type { SurgeParams } from "./surge-params.ts";
import type { Schedule } from "./time-windows.ts";

/** What a config, and the ratesheets that come of it, apply to. */
export interface AppliesTo {
  readonly level: "SUBLOCATION" | "LOCATION";
  readonly entityId: EntityId;
}

/** What demand is measured against. Missing and null are the same, but for manualHistoricalAvgPressure. */
export interface DemandSupplyParams {
  /** Bookings in the hour; written by the pipeline. */
  readonly currentDemand?: number;
  /** Set by hand; the pipeline never writes it. */
  readonly currentSupply?: number;
  /** Mean pressure; the operator's own until the pipeline has first overwritten it. */
  readonly historicalAvgPressure?: number;
  /** The operator's own baseline from when the field exists, also if it is null: then there is none. */
  readonly manualHistoricalAvgPressure?: number | null;
}

/** A document of `surge_configs`, checked, with defaults in place of what it leaves out. */
export interface SurgeConfig extends Schedule {
  /** The document's `_id`, with its type. */
  readonly surgeConfigId: EntityId;
  readonly name?: string;
  readonly isActive: boolean;
  readonly appliesTo: AppliesTo;
  /** Added to 10000 on ratesheets. */
  readonly priority: number;
  readonly demandSupplyParams: DemandSupplyParams;
  readonly surgeParams: SurgeParams;
}
