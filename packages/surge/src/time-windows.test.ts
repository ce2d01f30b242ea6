import { hours } from "@millrace/streams";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applicability, type Schedule, type TimeWindow } from "./time-windows.ts";

const always: Schedule = { effectiveFrom: null, effectiveTo: null, timeWindows: [] };
const at = (schedule: Partial<Schedule>, instant: string, zone = "UTC") =>
  applicability({ ...always, ...schedule }, Date.parse(instant), zone);
const within = (window: TimeWindow, instant: string, zone = "UTC") =>
  at({ timeWindows: [window] }, instant, zone) === "applies";

const [sunday, friday, saturday] = [0, 5, 6];

/** How many of the 72 hours from there are in a window of all Sunday, in Berlin. */
const sundayHours = (from: string): number => {
  const window = { daysOfWeek: [sunday], startTime: "00:00", endTime: "00:00" };
  return Array.from({ length: 72 }, (_, index) => Date.parse(from) + hours(index)).filter(
    (instant) => applicability({ ...always, timeWindows: [window] }, instant, "Europe/Berlin") === "applies",
  ).length;
};

describe("effective dates", () => {
  const schedule = {
    effectiveFrom: new Date("2026-03-01T10:00:00Z"),
    effectiveTo: new Date("2026-03-01T12:00:00Z"),
  };

  test("hold from effectiveFrom, up to and without effectiveTo", () => {
    expect(at(schedule, "2026-03-01T09:59:59.999Z")).toBe("outsideEffectiveDates");
    expect(at(schedule, "2026-03-01T10:00:00Z")).toBe("applies");
    expect(at(schedule, "2026-03-01T11:59:59.999Z")).toBe("applies");
    expect(at(schedule, "2026-03-01T12:00:00Z")).toBe("outsideEffectiveDates");
  });

  test("are unbounded where null", () => {
    expect(at({}, "1970-01-01T00:00:00Z")).toBe("applies");
    expect(at({ ...schedule, effectiveFrom: null }, "1970-01-01T00:00:00Z")).toBe("applies");
    expect(at({ ...schedule, effectiveTo: null }, "2999-01-01T00:00:00Z")).toBe("applies");
  });

  test("come before windows", () => {
    const timeWindows = [{ startTime: "10:00", endTime: "11:00" }];
    expect(at({ ...schedule, timeWindows }, "2026-03-02T20:00:00Z")).toBe("outsideEffectiveDates");
    expect(at({ ...schedule, timeWindows }, "2026-03-01T11:00:00Z")).toBe("outsideTimeWindows");
  });
});

describe("time windows", () => {
  test("include their start and exclude their end", () => {
    const window = { startTime: "10:00", endTime: "12:00" };
    expect(within(window, "2026-03-02T09:59:00Z")).toBe(false);
    expect(within(window, "2026-03-02T10:00:00Z")).toBe(true);
    expect(within(window, "2026-03-02T11:59:59.999Z")).toBe(true);
    expect(within(window, "2026-03-02T12:00:00Z")).toBe(false);
  });

  test("apply if one of them does", () => {
    const timeWindows = [
      { startTime: "10:00", endTime: "11:00" },
      { startTime: "15:00", endTime: "16:00" },
    ];
    expect(at({ timeWindows }, "2026-03-02T15:30:00Z")).toBe("applies");
    expect(at({ timeWindows }, "2026-03-02T12:00:00Z")).toBe("outsideTimeWindows");
  });

  test("apply on their days only, and on every day if they name none", () => {
    const window = { daysOfWeek: [saturday], startTime: "10:00", endTime: "12:00" };
    expect(within(window, "2026-03-07T10:00:00Z")).toBe(true);
    expect(within(window, "2026-03-08T10:00:00Z")).toBe(false);
    expect(within({ ...window, daysOfWeek: [] }, "2026-03-08T10:00:00Z")).toBe(true);
  });

  test("belong after midnight to the day on which they started", () => {
    const window = { daysOfWeek: [saturday], startTime: "22:00", endTime: "02:00" };
    expect(within(window, "2026-03-07T01:00:00Z")).toBe(false); // Friday's, were it there
    expect(within(window, "2026-03-07T22:00:00Z")).toBe(true);
    expect(within(window, "2026-03-08T01:59:00Z")).toBe(true);
    expect(within(window, "2026-03-08T02:00:00Z")).toBe(false);
    expect(within(window, "2026-03-08T22:00:00Z")).toBe(false);
  });

  test("last 24 hours from a start that is also the end", () => {
    const window = { daysOfWeek: [friday], startTime: "18:00", endTime: "18:00" };
    expect(within(window, "2026-03-06T17:59:00Z")).toBe(false);
    expect(within(window, "2026-03-06T18:00:00Z")).toBe(true);
    expect(within(window, "2026-03-07T17:59:00Z")).toBe(true);
    expect(within(window, "2026-03-07T18:00:00Z")).toBe(false);
  });

  test("last a whole day from 00:00 to 00:00, and to 24:00", () => {
    for (const endTime of ["00:00", "24:00"]) {
      const window = { daysOfWeek: [saturday], startTime: "00:00", endTime };
      expect(within(window, "2026-03-06T23:59:00Z")).toBe(false);
      expect(within(window, "2026-03-07T00:00:00Z")).toBe(true);
      expect(within(window, "2026-03-07T23:59:00Z")).toBe(true);
      expect(within(window, "2026-03-08T00:00:00Z")).toBe(false);
    }
  });

  test("follow the venue's clocks", () => {
    const window = { daysOfWeek: [sunday], startTime: "00:00", endTime: "01:00" };
    expect(within(window, "2026-03-07T23:30:00Z", "Europe/Berlin")).toBe(true);
    expect(within(window, "2026-03-08T00:30:00Z", "Europe/Berlin")).toBe(false);
  });

  test("lose the hour that summer time skips", () => {
    const skipped = { startTime: "02:00", endTime: "03:00" };
    const around = { startTime: "01:00", endTime: "04:00" };
    for (const instant of ["2026-03-29T00:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"]) {
      expect(within(skipped, instant, "Europe/Berlin")).toBe(false);
      expect(within(around, instant, "Europe/Berlin")).toBe(true);
    }
    expect(within(around, "2026-03-29T02:00:00Z", "Europe/Berlin")).toBe(false);
  });

  test("have both halves of the hour that winter time doubles", () => {
    const window = { startTime: "02:00", endTime: "03:00" };
    const applying = ["2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"].map((instant) =>
      within(window, instant, "Europe/Berlin"),
    );
    expect(applying).toEqual([false, true, true]);
    expect(within(window, "2026-10-25T02:00:00Z", "Europe/Berlin")).toBe(false);
  });

  test("of 24 hours last 23 and 25 when the clocks change", () => {
    expect(sundayHours("2026-03-28T00:00:00Z")).toBe(23);
    expect(sundayHours("2026-10-24T00:00:00Z")).toBe(25);
  });

  test("from a to b and from b to a share the day without gap or overlap", () => {
    const time = fc
      .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
      .map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
    const instant = fc.integer({ min: 0, max: Date.parse("2100-01-01") });
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe");
    fc.assert(
      fc.property(time, time, instant, zone, (one, other, when, timeZone) => {
        const applies = (startTime: string, endTime: string) =>
          applicability({ ...always, timeWindows: [{ startTime, endTime }] }, when, timeZone) === "applies";
        expect(applies(one, other)).toBe(one === other || !applies(other, one));
      }),
    );
  });
});
