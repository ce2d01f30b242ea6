import fc from "fast-check";
import { expect, test } from "vitest";
import { zonedTime } from "./zoned-time.ts";

test("reads times with their zones", () => {
  expect(zonedTime("2026-03-02T10:00Z")).toBe(Date.UTC(2026, 2, 2, 10));
  expect(zonedTime("2026-03-02T10:00:30.5+01:30")).toBe(Date.UTC(2026, 2, 2, 8, 30, 30, 500));
  expect(zonedTime("2024-02-29T00:00:00Z")).toBe(Date.UTC(2024, 1, 29));
});

test.each([
  "",
  "1",
  "yesterday",
  "2026-03-02",
  "2026-03-02T10:00:00",
  "2026-02-30T10:00:00Z",
  "2025-02-29T10:00:00Z",
  "2026-13-01T10:00:00Z",
  "2026-03-02T25:00:00Z",
  "2026-03-02T10:00:00+99:00",
  " 2026-03-02T10:00:00Z",
])("takes %j for none", (text) => {
  expect(zonedTime(text)).toBeUndefined();
});

test("reads back what a date writes", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      expect(zonedTime(date.toISOString())).toBe(date.getTime());
    }),
  );
});
