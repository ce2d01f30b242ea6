import { type Document, MongoClient } from "mongodb";
import { capacity, subLocations, surgeConfigs } from "./venues.ts";

/** The venue's database, as the demo fills and reads it. */
export interface DraftsReader {
  /** Every draft as it stands: `<entity> <effectiveFrom in ms>` to its document. */
  drafts(): Promise<ReadonlyMap<string, Document>>;
  close(): Promise<void>;
}

/** Puts sub-locations and surge configs into a database, in place of what a demo has left there. */
export const fillDatabase = async (uri: string): Promise<DraftsReader> => {
  const client = await new MongoClient(uri).connect();
  const database = client.db();
  await Promise.all(
    ["sublocations", "surge_configs", "ratesheets", "demand_history", "processed_events"].map((name) =>
      database.collection(name).deleteMany({}),
    ),
  );
  await database
    .collection<{ _id: string }>("sublocations")
    .insertMany(subLocations.map(({ id, locationId }) => ({ _id: id, capacity, locationId })));
  await database.collection<{ _id: string }>("surge_configs").insertMany(surgeConfigs.map((one) => ({ ...one })));
  return {
    drafts: async () => {
      const found = await database.collection("ratesheets").find({ type: "SURGE_MULTIPLIER" }).toArray();
      return new Map(
        found.map((document) => [
          `${document["appliesTo"].entityId} ${(document["effectiveFrom"] as Date).getTime()}`,
          document,
        ]),
      );
    },
    close: () => client.close(),
  };
};
