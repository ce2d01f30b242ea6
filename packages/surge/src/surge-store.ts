import type { Effect, EventPosition, Outcome } from "@millrace/mongo";
import type { EntityId } from "./entity-id.ts";
import type { MetricOrder } from "./metric-order.ts";
import type { SurgeConfigReading } from "./read-surge-config.ts";
import type { AppliesTo } from "./surge-config.ts";
import type { WrittenRatesheet } from "./written-ratesheet.ts";

/** A config, and the order of what its params came from. */
export interface ConfigRow {
  readonly reading: SurgeConfigReading;
  readonly paramsOrder: MetricOrder | undefined;
  /**
   * Its `demandSupplyParams.historicalAvgPressure` of whatever type of BSON's, null without one: a Decimal128 of 0.1 and
   * a Double of 0.1 are not equal.
   */
  readonly baselineAsRead: unknown;
}

/** What the surge topology reads and writes: `SurgeDatabase`, or something in its place for a dry run without one. */
export interface SurgeStore {
  /** False while it fails and things are tried again. */
  readonly healthy: boolean;
  /** The location that `sublocations` has for a sub-location; undefined if it has none. */
  locationOf(subLocationId: string): Promise<string | undefined>;
  /** The capacities of a location's sub-locations, by id; 0 or less: unknown. */
  capacitiesOf(locationId: string): Promise<ReadonlyMap<string, number>>;
  /** The active configs that apply to an entity. */
  configsOf(level: AppliesTo["level"], entityId: string): Promise<readonly ConfigRow[]>;
  /** The ratesheet of a config that begins at an instant (ms). */
  ratesheetOf(surgeConfigId: EntityId, effectiveFrom: number): Promise<WrittenRatesheet | undefined>;
  /** The multiplier of the config's latest ratesheet that begins before an instant (ms). */
  multiplierBefore(surgeConfigId: EntityId, effectiveFrom: number): Promise<number | undefined>;
  /** Whether the effect of a record is remembered; no also where nobody expects it: `apply` finds out, and its guards. */
  isApplied(position: EventPosition): Promise<boolean>;
  /** The order of the newest effect that is remembered for a location's hour. */
  appliedOrderOf(name: string): Promise<MetricOrder | undefined>;
  /** Resolves when it is written, or was not to be; never asked to in a dry run. */
  apply(effect: Effect): Promise<Outcome>;
  close(): Promise<void>;
}
