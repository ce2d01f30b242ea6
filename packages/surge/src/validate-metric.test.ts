import { hours } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import { expect, test } from "vitest";
import { draftStart } from "./draft-ratesheet.ts";
import { validateMetric } from "./validate-metric.ts";

const metric: DemandHourly = {
  subLocationId: "hall",
  locationId: null,
  hour: hours(1000),
  bookingsCount: 15,
  totalAttendees: 40,
  availableCapacity: 100,
  capacityUtilization: 40,
  demandPressure: 15,
  historicalAvgPressure: null,
  historySamples: 0,
  pressureDelta: null,
  final: true,
  timestamp: hours(1001),
};

test("takes a metric with and without history, and of unknown capacity", () => {
  expect(() => validateMetric("hall", metric)).not.toThrow();
  expect(() => validateMetric("hall", { ...metric, historicalAvgPressure: 0 })).not.toThrow();
  expect(() => validateMetric("hall", { ...metric, availableCapacity: 0, demandPressure: 0 })).not.toThrow();
});

test.each([
  [{ demandPressure: Number.NaN }, "NOT_FINITE"],
  [{ demandPressure: Number.POSITIVE_INFINITY }, "NOT_FINITE"],
  [{ historicalAvgPressure: Number.NaN }, "NOT_FINITE"],
  [{ demandPressure: -1 }, "NEGATIVE"],
  [{ bookingsCount: -1 }, "NEGATIVE"],
  [{ hour: hours(1000) + 1 }, "NOT_AN_HOUR"],
  [{ hour: hours(3e9) }, "NOT_AN_HOUR"],
  // The last hour that has a date, whose draft has none.
  [{ hour: hours(2.4e9) }, "NOT_AN_HOUR"],
  [{ hour: hours(2.4e9 - 1) }, "NOT_AN_HOUR"],
  [{ hour: -hours(1) }, "NEGATIVE"],
  [{ timestamp: -1 }, "NEGATIVE"],
  [{ timestamp: 8_640_000_000_000_001 }, "NO_DATE"],
  [{ subLocationId: "yard" }, "KEY_MISMATCH"],
])("refuses %o as %s", (change, code) => {
  expect(() => validateMetric("hall", { ...metric, ...change })).toThrow(expect.objectContaining({ code }));
});

test("takes the last hour whose draft has dates, and makes them", () => {
  const last = hours(2.4e9 - 2);
  expect(() => validateMetric("hall", { ...metric, hour: last, timestamp: last })).not.toThrow();
  expect(new Date(draftStart(last) + hours(1)).toISOString()).toBe("+275760-09-13T00:00:00.000Z");
});

test("refuses an empty subLocationId", () => {
  const empty = { ...metric, subLocationId: "" };
  expect(() => validateMetric("", empty)).toThrow(expect.objectContaining({ code: "EMPTY_SUB_LOCATION" }));
});
