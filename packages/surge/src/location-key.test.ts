import { hours, partitionForKey } from "@millrace/streams";
import { expect, test } from "vitest";
import { locationKey, locationKeySerde, readLocationKey } from "./location-key.ts";

const start = Date.parse("2026-03-02T10:00:00Z");

const partitionOf = (locationId: string, hour: number): number => {
  const bytes = locationKeySerde.serialize(locationKey(locationId, hour));
  if (bytes === null || locationKeySerde.partitionBytes === undefined)
    throw new Error("the key has no bytes");
  return partitionForKey(locationKeySerde.partitionBytes(bytes), 6);
};

test("says which location and hour it is of, whatever the id", () => {
  for (const locationId of ["north", "", "two\nlines"])
    expect(readLocationKey(locationKey(locationId, start))).toEqual({ locationId, hour: start });
});

test("all hours of a location go to one partition, and locations to different ones", () => {
  for (const locationId of ["north", "south", "two\nlines"]) {
    const partitions = Array.from({ length: 100 }, (_, n) => partitionOf(locationId, start + n * hours(1)));
    expect(new Set(partitions).size).toBe(1);
  }
  const locations = Array.from({ length: 100 }, (_, n) => partitionOf(`location ${n}`, start));
  expect(new Set(locations).size).toBe(6);
});
