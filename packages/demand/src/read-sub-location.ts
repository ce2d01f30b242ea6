import { bsonNumber } from "@millrace/mongo";
import { ObjectId } from "mongodb";
import type { SubLocation } from "./capacity.ts";

/** Reads a document of `sublocations`. A capacity that is no number is none: 0, unknown. */
export const readSubLocation = (document: Readonly<Record<string, unknown>>): SubLocation => {
  const capacity = bsonNumber(document["capacity"]) ?? 0;
  const locationId = document["locationId"];
  return {
    capacity: Number.isFinite(capacity) ? Math.min(Math.trunc(capacity), 2 ** 31 - 1) : 0,
    locationId:
      locationId instanceof ObjectId
        ? locationId.toHexString()
        : typeof locationId === "string"
          ? locationId
          : null,
  };
};
