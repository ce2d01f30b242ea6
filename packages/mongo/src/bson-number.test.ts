import { BSON, Decimal128, Double, Int32, Long, ObjectId } from "mongodb";
import { expect, test } from "vitest";
import { bsonNumber } from "./bson-number.ts";

test.each([
  [1.5, 1.5],
  [5n, 5],
  [new Double(1.5), 1.5],
  [new Int32(-7), -7],
  [Long.fromString("9007199254740995"), 9_007_199_254_740_996],
  [Long.fromNumber(-3), -3],
  [Decimal128.fromString("12.5"), 12.5],
  [Decimal128.fromString("1.25E+3"), 1_250],
  [Decimal128.fromString("-0.1"), -0.1],
  [Decimal128.fromString("Infinity"), Number.POSITIVE_INFINITY],
])("takes %o for a number", (value, expected) => {
  expect(bsonNumber(value)).toBe(expected);
});

test("takes numbers as the driver gives them, also those that it does not turn into JavaScript's", () => {
  const document = {
    a: new Double(2),
    b: new Int32(2),
    c: Long.fromNumber(2),
    d: Decimal128.fromString("2"),
  };
  for (const options of [{}, { promoteValues: false }, { useBigInt64: true }])
    expect(Object.values(BSON.deserialize(BSON.serialize(document), options)).map(bsonNumber)).toEqual([
      2, 2, 2, 2,
    ]);
});

test("takes nothing else for one, a text of digits neither", () => {
  for (const value of [
    "5",
    "",
    null,
    undefined,
    true,
    [],
    [5],
    {},
    new Date(5),
    new ObjectId(),
    { valueOf: () => 5 },
  ])
    expect(bsonNumber(value)).toBeUndefined();
});
