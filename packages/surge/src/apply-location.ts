import type { DemandSnapshot } from "./demand-snapshot.ts";
import { readLocationKey } from "./location-key.ts";
import { locationMark, locationMarkName } from "./location-mark.ts";
import { compareMetrics } from "./metric-order.ts";
import { configsFor, priced, type PricingOptions } from "./pricing.ts";

/** Does what a location's demand does to its LOCATION configs. Resolves when MongoDB has all of it. */
export const applyLocation =
  (options: PricingOptions) =>
  async (demand: DemandSnapshot, key: string): Promise<void> => {
    const { database, policy, counters, now } = options;
    if (database === undefined) return;
    const { locationId, hour } = readLocationKey(key);
    const name = locationMarkName(locationId, hour);
    const [applied, rows] = await Promise.all([
      policy.dryRun ? undefined : database.appliedOrderOf(name),
      configsFor(options, "LOCATION", locationId),
    ]);
    if (applied !== undefined && compareMetrics(demand.order, applied) <= 0) {
      counters.repeated++;
      return;
    }
    const writes = await priced(options, rows, demand);
    if (policy.dryRun || !policy.enabled || writes.length === 0) return;
    await database.apply({
      position: { topicId: name, partition: -1, offset: 0 },
      key: locationId,
      writes: [...writes, locationMark(name, demand.order, new Date(now()))],
      // Its mark says how far it came, and is one of its writes.
      mark: false,
    });
  };
