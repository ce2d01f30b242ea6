import type { Db } from "mongodb";
import {
  baselinePressure,
  completeHours,
  type DemandLoad,
  finalBookings,
  hourStart,
  subLocationId,
} from "./demand-load.ts";

/** Throws unless the database holds what the load must have made of it. */
export const checkDatabase = async (database: Db, load: DemandLoad): Promise<void> => {
  const hours = completeHours(load);
  await expectCount(database, "ratesheets", (load.subLocations + load.locations) * hours);
  await expectCount(database, "demand_history", load.subLocations * hours);
  await expectCount(database, "processed_events", load.records, { partition: { $gte: 0 } });
  for (let n = 0; n < load.subLocations; n += Math.max(1, Math.floor(load.subLocations / 50)))
    for (const hour of new Set([0, hours - 1])) {
      const draft = await database.collection("ratesheets").findOne({
        "appliesTo.entityId": subLocationId(n),
        effectiveFrom: new Date(hourStart(hour + 1)),
      });
      const surge = 1 + 0.3 * Math.log(finalBookings(n, hour) / baselinePressure);
      const expected = Math.min(1.8, Math.max(0.75, surge));
      const found: unknown = draft?.["surgeMultiplierSnapshot"];
      if (typeof found !== "number" || Math.abs(found - expected) > 1e-9)
        throw new Error(
          `the draft of ${subLocationId(n)} for hour ${hour} has ${String(found)}, not ${expected}`,
        );
    }
};

const expectCount = async (database: Db, name: string, expected: number, filter = {}): Promise<void> => {
  const found = await database.collection(name).countDocuments(filter);
  if (found !== expected) throw new Error(`${name} has ${found} documents, not ${expected}`);
};
