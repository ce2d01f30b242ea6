import { type AnyBulkWriteOperation, MongoBulkWriteError } from "mongodb";
import { bulkCounts } from "./bulk-counts.ts";
import type { BulkCounts, Writable } from "./effect-target.ts";
import { isRetriable } from "./retriable.ts";

/** What became of one operation of a bulk write. */
type WriteResult =
  | { readonly status: "written" }
  /** E11000: a document with its unique key is there already. */
  | { readonly status: "duplicate"; readonly error: unknown }
  | { readonly status: "failed"; readonly error: unknown };

export interface BulkResult extends BulkCounts {
  /** By operation. */
  readonly results: readonly WriteResult[];
}

const duplicateKey = 11_000;
const written: WriteResult = { status: "written" };

/**
 * One bulk write in any order; an answer for each operation, so that none suffers from another. Throws only what is
 * worth trying again.
 */
export const bulk = async (
  target: Writable,
  collection: string,
  operations: readonly AnyBulkWriteOperation[],
): Promise<BulkResult> => {
  try {
    const { changed } = await target.bulkWrite(collection, operations);
    return { results: operations.map(() => written), changed };
  } catch (error) {
    if (isRetriable(error)) throw error;
    const errors = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
    if (error instanceof MongoBulkWriteError && errors.length > 0) {
      const results: WriteResult[] = operations.map(() => written);
      for (const { index, code, errmsg } of errors)
        results[index] = {
          status: code === duplicateKey ? "duplicate" : "failed",
          error: new Error(errmsg ?? `error ${code}`, { cause: error }),
        };
      return { results, ...bulkCounts(error) };
    }
    if (operations.length === 1) return { results: [{ status: "failed", error }], changed: 0 };
    // Refused as a whole, for one that can't even be encoded, say: each alone shows which.
    const alone = await Promise.all(operations.map((operation) => bulk(target, collection, [operation])));
    return {
      results: alone.flatMap(({ results }) => results),
      changed: alone.reduce((sum, { changed }) => sum + changed, 0),
    };
  }
};

/** Whether a duplicate key can mean that an operation's guard did not match. */
export const isUpsert = (operation: AnyBulkWriteOperation): boolean =>
  ("updateOne" in operation && operation.updateOne.upsert === true) ||
  ("updateMany" in operation && operation.updateMany.upsert === true) ||
  ("replaceOne" in operation && operation.replaceOne.upsert === true);
