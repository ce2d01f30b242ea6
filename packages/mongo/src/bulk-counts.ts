import type { BulkWriteResult } from "mongodb";
import type { BulkCounts } from "./effect-target.ts";

/** How many documents a bulk write changed. */
export const bulkCounts = (result: Partial<BulkWriteResult>): BulkCounts => {
  const { insertedCount = 0, modifiedCount = 0, upsertedCount = 0, deletedCount = 0 } = result;
  return { changed: insertedCount + modifiedCount + upsertedCount + deletedCount };
};
