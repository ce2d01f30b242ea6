import { expect, test } from "vitest";
import { venueClock } from "./venue-clock.ts";

const read = (instant: string, zone: string) => venueClock(Date.parse(instant), zone);

test("reads day, hour and minute on the clocks of the zone", () => {
  expect(read("2026-03-01T23:30:00Z", "UTC")).toEqual({ dayOfWeek: 0, hour: 23, minute: 30 });
  expect(read("2026-03-01T23:30:00Z", "Europe/Berlin")).toEqual({ dayOfWeek: 1, hour: 0, minute: 30 });
  expect(read("2026-03-01T00:00:00Z", "America/New_York")).toEqual({ dayOfWeek: 6, hour: 19, minute: 0 });
  expect(read("2026-03-01T00:00:00Z", "Asia/Kolkata")).toEqual({ dayOfWeek: 0, hour: 5, minute: 30 });
});

test("says 0, not 24, at midnight", () => {
  expect(read("2026-03-02T00:00:00Z", "UTC")).toEqual({ dayOfWeek: 1, hour: 0, minute: 0 });
});

test("follows summer time both ways", () => {
  expect(read("2026-03-29T00:59:00Z", "Europe/Berlin")).toMatchObject({ hour: 1, minute: 59 });
  expect(read("2026-03-29T01:00:00Z", "Europe/Berlin")).toMatchObject({ hour: 3, minute: 0 });
  expect(read("2026-10-25T00:30:00Z", "Europe/Berlin")).toMatchObject({ hour: 2, minute: 30 });
  expect(read("2026-10-25T01:30:00Z", "Europe/Berlin")).toMatchObject({ hour: 2, minute: 30 });
});
