import { cachedLookup, type MongoConnection } from "@millrace/mongo";
import type { Log } from "@millrace/streams";
import { ObjectId } from "mongodb";
import type { CapacityLookup, SubLocation } from "./capacity.ts";
import { readSubLocation } from "./read-sub-location.ts";

export interface MongoCapacityOptions {
  readonly mongo: MongoConnection;
  /** Answers are kept so many, and for so long (ms). */
  readonly cache: { readonly max: number; readonly ttlMs: number };
  readonly log: Log;
  /** Ends the asking when the application stops. */
  readonly signal: AbortSignal;
}

export interface MongoCapacity {
  readonly lookup: CapacityLookup;
  /** How many lookups fail at the moment, and are asked again. */
  readonly failing: number;
}

/** Capacities from the collection `sublocations`, through a cache. */
export const mongoCapacity = ({ mongo, cache, log, signal }: MongoCapacityOptions): MongoCapacity => {
  const failing = new Set<string>();
  const lookup = cachedLookup<string, SubLocation>({
    ...cache,
    signal,
    load: async (subLocationId) => {
      const found = await mongo.attempt((database) =>
        database
          .collection<{ _id: string | ObjectId }>("sublocations")
          .findOne({ _id: { $in: idsOf(subLocationId) } }),
      );
      failing.delete(subLocationId);
      return found === null ? undefined : readSubLocation(found);
    },
    onRetry: (subLocationId, error, waitMs) => {
      failing.add(subLocationId);
      log("warn", `looking up sub-location "${subLocationId}" failed, trying again: ${String(error)}`, {
        waitMs,
      });
    },
  });
  return {
    lookup: (subLocationId) => {
      const cached = lookup.peek(subLocationId);
      return cached === undefined ? lookup.get(subLocationId) : cached.value;
    },
    get failing() {
      return failing.size;
    },
  };
};

/** An id as the database may have it: a string, or an ObjectId that the events write as its hex. */
const idsOf = (id: string): readonly (string | ObjectId)[] =>
  /^[0-9a-f]{24}$/i.test(id) ? [id, new ObjectId(id)] : [id];
