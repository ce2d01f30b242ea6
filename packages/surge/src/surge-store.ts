import type { Effect, EventPosition } from "@millrace/mongo";
import type { EntityId } from "./entity-id.ts";
import type { MetricOrder } from "./metric-order.ts";
import type { SurgeConfigReading } from "./read-surge-config.ts";
import type { AppliesTo } from "./surge-config.ts";
import type { WrittenRatesheet } from "./written-ratesheet.ts";

/** A config, and the order of what its params came from. */
export interface ConfigRow {
  readonly reading: SurgeConfigReading;
  readonly paramsOrder: MetricOrder | undefined;
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
  /** Whether the effect of a record is remembered. */
  isApplied(position: EventPosition): Promise<boolean>;
  /** The order of the newest effect that is remembered for a location's hour. */
  appliedOrderOf(name: string): Promise<MetricOrder | undefined>;
  /** Resolves when it is written; never asked to in a dry run. */
  apply(effect: Effect): Promise<void>;
  close(): Promise<void>;
}
