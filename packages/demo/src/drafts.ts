import { MongoClient } from "mongodb";
import type { DraftLine } from "./drafts-table.ts";
import { capacity, subLocations, surgeConfigs } from "./venues.ts";

/** Where the demo's drafts can be read. */
export interface Drafts {
  /** Every draft as it stands, by `<entity> <effectiveFrom in ms>`. */
  read(): Promise<ReadonlyMap<string, DraftLine>>;
  close(): Promise<void>;
}

/** Puts sub-locations and surge configs into a database, in place of what an earlier demo left there. */
export const draftsInMongo = async (uri: string): Promise<Drafts> => {
  const client = await new MongoClient(uri).connect();
  const database = client.db();
  const collections = ["sublocations", "surge_configs", "ratesheets", "demand_history", "processed_events"];
  await Promise.all(collections.map((name) => database.collection(name).deleteMany({})));
  await database
    .collection<{ _id: string }>("sublocations")
    .insertMany(subLocations.map(({ id, locationId }) => ({ _id: id, capacity, locationId })));
  await database
    .collection<{ _id: string }>("surge_configs")
    .insertMany(surgeConfigs.map((one) => ({ ...one })));
  return {
    read: async () => {
      const found = await database.collection("ratesheets").find({ approvalStatus: "DRAFT" }).toArray();
      return new Map(
        found.map((document) => {
          const entityId = String(document["appliesTo"].entityId);
          const effectiveFrom = (document["effectiveFrom"] as Date).getTime();
          const { pressure, historicalAvgPressure: usualPressure } = document["demandSupplySnapshot"];
          const multiplier = Number(document["surgeMultiplierSnapshot"]);
          return [
            `${entityId} ${effectiveFrom}`,
            { entityId, effectiveFrom, pressure, usualPressure, multiplier },
          ];
        }),
      );
    },
    close: () => client.close(),
  };
};

/** Without a database: what the dry run's decision log says, the last word for each. */
export class DraftsOfDryRun implements Drafts {
  readonly #lines = new Map<string, DraftLine>();

  /** Takes a line of the service's log. */
  log(fields: Readonly<Record<string, unknown>> | undefined): void {
    if (fields?.["outcome"] !== "draft") return;
    const inputs = fields["inputs"] as {
      readonly pressure: number;
      readonly historicalAvgPressure: number;
      readonly multiplier: number;
    };
    const entityId = String(fields["entityId"]);
    const effectiveFrom = Date.parse(String(fields["effectiveFrom"]));
    this.#lines.set(`${entityId} ${effectiveFrom}`, {
      entityId,
      effectiveFrom,
      pressure: inputs.pressure,
      usualPressure: inputs.historicalAvgPressure,
      multiplier: inputs.multiplier,
    });
  }

  read(): Promise<ReadonlyMap<string, DraftLine>> {
    return Promise.resolve(this.#lines);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
