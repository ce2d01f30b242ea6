import { Decimal128, ObjectId } from "mongodb";
import { expect, test } from "vitest";
import { readHistory } from "./read-history.ts";

const document = {
  subLocationId: "studio",
  timestamp: new Date("2026-03-02T08:59:59.999Z"),
  demandPressure: 4,
};
const hour = Date.parse("2026-03-02T08:00:00Z");

test("reads the hour, its pressure and its sub-location, of whichever types of BSON's", () => {
  expect(readHistory(document)).toEqual({ subLocationId: "studio", hour, pressure: 4 });
  const id = new ObjectId();
  const other = { ...document, subLocationId: id, demandPressure: Decimal128.fromString("0.5") };
  expect(readHistory(other)).toEqual({ subLocationId: id.toHexString(), hour, pressure: 0.5 });
  expect(readHistory({ ...document, demandPressure: 0 })).toMatchObject({ pressure: 0 });
});

test.each([
  ...[null, undefined, "4", true, [], -1, Number.NaN, Number.POSITIVE_INFINITY].map((demandPressure) => ({
    demandPressure,
  })),
  { timestamp: "yesterday" },
  { timestamp: new Date(Number.NaN) },
  { timestamp: new Date(-1) },
  { subLocationId: "" },
  { subLocationId: 5 },
])("leaves out one with %o", (change) => {
  expect(readHistory({ ...document, ...change })).toBeUndefined();
});
