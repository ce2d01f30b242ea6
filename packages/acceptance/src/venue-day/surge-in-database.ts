import type { Db, Document, ObjectId } from "mongodb";
import type { ExpectedDraft, ExpectedHistory, ExpectedSurge } from "./expected-surge.ts";

/** What is in the database of what the surge updater writes, in the words of what is expected. */
export const surgeInDatabase = async (database: Db): Promise<ExpectedSurge> => {
  const read = async <T extends Document>(collection: string, leftOut: Document): Promise<T[]> =>
    database.collection(collection).find().project<T>(leftOut).toArray();
  const configs = await read<{ _id: string | ObjectId; demandSupplyParams: Document }>("surge_configs", {
    // What it keeps to order metrics by is its own affair.
    "demandSupplyParams.metricOrder": 0,
  });
  return {
    params: configs.map(({ _id: surgeConfigId, demandSupplyParams }) => ({
      surgeConfigId,
      ...demandSupplyParams,
    })),
    drafts: await read<ExpectedDraft>("ratesheets", { _id: 0, createdAt: 0, updatedAt: 0, materialized: 0 }),
    history: await read<ExpectedHistory>("demand_history", { _id: 0, createdAt: 0 }),
  };
};
