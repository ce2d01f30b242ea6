import { type Serde, string } from "@millrace/streams";

/** A location in one hour (its start, ms since the epoch), as a key. Times of 15 digits: keys sort by location, then time. */
export const locationKey = (locationId: string, hour: number): string =>
  `${locationId}\n${String(hour).padStart(15, "0")}`;

export const readLocationKey = (key: string): { readonly locationId: string; readonly hour: number } => {
  const at = key.lastIndexOf("\n");
  return { locationId: key.slice(0, at), hour: Number(key.slice(at + 1)) };
};

/** All hours of a location go to one partition, where its history is: hours are compared with each other. */
export const locationKeySerde: Serde<string> = {
  ...string(),
  name: "location and hour",
  partitionBytes: (serialized) => serialized.subarray(0, serialized.lastIndexOf("\n".charCodeAt(0))),
};
