import type { DemandSnapshot } from "./demand-snapshot.ts";
import { readLocationKey } from "./location-key.ts";
import { locationMark, locationMarkName, locationPosition } from "./location-mark.ts";
import { compareMetrics } from "./metric-order.ts";
import { priceAndApply } from "./price-and-apply.ts";
import type { PricingOptions } from "./pricing.ts";

/** Does what a location's demand does to its LOCATION configs. Resolves when MongoDB has all of it. */
export const applyLocation =
  (options: PricingOptions) =>
  async (demand: DemandSnapshot, key: string): Promise<void> => {
    const { database, policy, counters, now } = options;
    if (database === undefined) return;
    const { locationId, hour } = readLocationKey(key);
    const name = locationMarkName(locationId, hour);
    const applied = policy.dryRun ? undefined : await database.appliedOrderOf(name);
    if (applied !== undefined && compareMetrics(demand.order, applied) <= 0) {
      counters.repeated++;
      return;
    }
    await priceAndApply(options, {
      level: "LOCATION",
      entityId: locationId,
      demand,
      effectOf: (writes) =>
        writes.length === 0
          ? undefined
          : {
              position: locationPosition(name),
              key: locationId,
              writes,
              mark: locationMark(name, demand.order, new Date(now())),
            },
    });
  };
