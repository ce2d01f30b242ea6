import { bsonNumber } from "@millrace/mongo";
import { hours } from "@millrace/streams";
import { ObjectId } from "mongodb";

/** What one hour of the past was like. */
export interface PastHour {
  readonly subLocationId: string;
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly pressure: number;
}

/** Reads a document of `demand_history`; undefined where it has no usable pressure, hour or sub-location. */
export const readHistory = (document: Readonly<Record<string, unknown>>): PastHour | undefined => {
  const subLocationId = idText(document["subLocationId"]);
  const timestamp = document["timestamp"] instanceof Date ? document["timestamp"].getTime() : Number.NaN;
  // Null is no hour of pressure 0.
  const pressure = bsonNumber(document["demandPressure"]) ?? Number.NaN;
  const usable = timestamp >= 0 && pressure >= 0 && Number.isFinite(pressure);
  return subLocationId === "" || !usable
    ? undefined
    : { subLocationId, hour: timestamp - (timestamp % hours(1)), pressure };
};

/** Ids are strings or ObjectIds. */
const idText = (id: unknown): string =>
  id instanceof ObjectId ? id.toHexString() : typeof id === "string" ? id : "";
