import { Decimal128, Long, ObjectId } from "mongodb";
import { expect, test } from "vitest";
import { readSubLocation } from "./read-sub-location.ts";

test.each<readonly [unknown, number]>([
  [200, 200],
  [Long.fromNumber(200), 200],
  [Decimal128.fromString("200"), 200],
  [99.9, 99],
  [2 ** 40, 2 ** 31 - 1],
  [-5, -5],
  ...["200", true, [200], new Date(200), null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map(
    (none) => [none, 0] as const,
  ),
])("a capacity of %o is %d", (capacity, expected) => {
  expect(readSubLocation({ capacity }).capacity).toBe(expected);
});

test("a location is a text, or the hex of an ObjectId", () => {
  const id = new ObjectId();
  expect(["north", id, 5, undefined].map((locationId) => readSubLocation({ locationId }).locationId)).toEqual(
    ["north", id.toHexString(), null, null],
  );
});
