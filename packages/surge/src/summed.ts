import { type LocationDemand, type LocationSummary, summary } from "./location-demand.ts";
import { readLocationKey } from "./location-key.ts";
import type { SurgeStore } from "./surge-store.ts";

/** Sums a location up over the sub-locations that it has in `sublocations`. Undefined if none has a metric. */
export const summed =
  (database: SurgeStore | undefined) =>
  async (location: LocationDemand | null, key: string): Promise<LocationSummary | undefined> => {
    if (location === null || database === undefined) return undefined;
    return summary(location, await database.capacitiesOf(readLocationKey(key).locationId));
  };
