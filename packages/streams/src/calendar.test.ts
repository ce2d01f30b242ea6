import { describe, expect, test } from "vitest";
import { calendar, type CalendarOptions, type CalendarUnit, type TimeWindows } from "./index.ts";
import { cutAfter } from "./window-starts.ts";
import { knownWindows } from "./known-windows.ts";

const hour = 3_600_000;
const utc = (text: string): number => Date.parse(text);

const bounds = (windows: TimeWindows, time: number): readonly [string, string, number] => {
  const start = windows.firstStart(time);
  const end = windows.endOf(start);
  return [new Date(start).toISOString(), new Date(end).toISOString(), (end - start) / hour];
};

const inZone = <Unit extends CalendarUnit>(
  unit: Unit,
  zone: string,
  options: Partial<CalendarOptions<Unit>> = {},
): TimeWindows => calendar(unit, { zone, grace: 0, ...options });

describe("days", () => {
  test("begin at midnight by the zone's clocks", () => {
    expect(bounds(inZone("day", "Europe/Berlin"), utc("2026-07-01T22:30:00Z"))).toEqual([
      "2026-07-01T22:00:00.000Z",
      "2026-07-02T22:00:00.000Z",
      24,
    ]);
  });

  test("have 23 hours when clocks go forward, and 25 when they go back", () => {
    const berlin = inZone("day", "Europe/Berlin");
    expect(bounds(berlin, utc("2026-03-29T12:00:00Z"))[2]).toBe(23);
    expect(bounds(berlin, utc("2026-10-25T12:00:00Z"))[2]).toBe(25);
    expect(bounds(inZone("day", "Australia/Lord_Howe"), utc("2026-04-05T00:00:00Z"))[2]).toBe(24.5);
  });

  test("begin later where clocks skip midnight", () => {
    expect(bounds(inZone("day", "Africa/Cairo"), utc("2024-04-26T08:00:00Z"))).toEqual([
      "2024-04-25T22:00:00.000Z",
      "2024-04-26T21:00:00.000Z",
      23,
    ]);
    expect(bounds(inZone("day", "America/Sao_Paulo"), utc("2018-11-04T12:00:00Z"))).toEqual([
      "2018-11-04T03:00:00.000Z",
      "2018-11-05T02:00:00.000Z",
      23,
    ]);
  });

  test("begin at the first of two midnights", () => {
    // At 1:00 it is 0:00 again.
    expect(bounds(inZone("day", "America/Havana"), utc("2024-11-03T12:00:00Z"))).toEqual([
      "2024-11-03T04:00:00.000Z",
      "2024-11-04T05:00:00.000Z",
      25,
    ]);
    // At 0:01 it is 23:01 of the day before.
    const stJohns = inZone("day", "America/St_Johns");
    for (const time of ["2010-11-07T02:30:30Z", "2010-11-07T02:45:00Z", "2010-11-07T03:45:00Z"])
      expect(bounds(stJohns, utc(time))).toEqual([
        "2010-11-07T02:30:00.000Z",
        "2010-11-08T03:30:00.000Z",
        25,
      ]);
  });

  test("have none for a date that the zone has left out", () => {
    const apia = inZone("day", "Pacific/Apia");
    const [, end] = bounds(apia, utc("2011-12-29T12:00:00Z"));
    expect(end).toBe("2011-12-30T10:00:00.000Z");
    expect(bounds(apia, utc(end))).toEqual(["2011-12-30T10:00:00.000Z", "2011-12-31T10:00:00.000Z", 24]);
  });

  test("begin at 0 where the epoch lies within one", () => {
    expect(bounds(inZone("day", "Asia/Tokyo"), 5)).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T15:00:00.000Z",
      15,
    ]);
  });

  test("are told apart to the end of what a calendar knows, and refused after", () => {
    const berlin = inZone("day", "Europe/Berlin");
    expect(bounds(berlin, utc("+275000-06-01T12:00:00Z"))[2]).toBe(24);
    expect(() => berlin.firstStart(Number.MAX_SAFE_INTEGER)).toThrow(/a time that no calendar knows/);
  });
});

describe("weeks", () => {
  test("begin on Monday, or on the day that is asked for", () => {
    const time = utc("2026-11-26T12:00:00Z");
    expect(bounds(inZone("week", "UTC"), time)[0]).toBe("2026-11-23T00:00:00.000Z");
    expect(bounds(inZone("week", "UTC", { firstDay: "sunday" }), time)[0]).toBe("2026-11-22T00:00:00.000Z");
    expect(bounds(inZone("week", "UTC", { firstDay: "thursday" }), time)[0]).toBe("2026-11-26T00:00:00.000Z");
    expect(bounds(inZone("week", "UTC", { firstDay: "friday" }), time)[0]).toBe("2026-11-20T00:00:00.000Z");
  });

  test("have an hour more or less where clocks change", () => {
    const newYork = inZone("week", "America/New_York", { firstDay: "sunday" });
    expect(bounds(newYork, utc("2026-03-10T00:00:00Z"))[2]).toBe(7 * 24 - 1);
    expect(bounds(newYork, utc("2026-11-02T00:00:00Z"))[2]).toBe(7 * 24 + 1);
  });
});

test("months have the days that they have", () => {
  const berlin = inZone("month", "Europe/Berlin");
  expect(bounds(berlin, utc("2028-02-29T12:00:00Z"))).toEqual([
    "2028-01-31T23:00:00.000Z",
    "2028-02-29T23:00:00.000Z",
    29 * 24,
  ]);
  expect(bounds(berlin, utc("2026-10-31T22:59:59Z"))[2]).toBe(31 * 24 + 1);
});

describe("a calendar is refused", () => {
  test("with a zone that nobody knows, a unit or a day that there is not, or a negative grace", () => {
    expect(() => inZone("day", "Europe/Atlantis")).toThrow(/no time zone "Europe\/Atlantis"/);
    expect(() => inZone("year" as "day", "UTC")).toThrow(/a day, a week or a month, not of "year"/);
    expect(() => inZone("week", "UTC", { firstDay: "someday" as "monday" })).toThrow(
      /can't begin with "someday"/,
    );
    expect(() => inZone("day", "UTC", { grace: -1 })).toThrow(/grace/);
  });
});

test("a day that a zone should repeat is cut, for nothing is kept longer than the size of its windows", () => {
  // [0, 20) and [20, 60), where 24 is the most.
  const starts = cutAfter(24, {
    at: (time) => (time < 20 ? 0 : 20),
    after: (time) => (time < 20 ? 20 : 60),
  });
  expect([0, 19, 20, 43, 44, 59].map((time) => [starts.at(time), starts.after(time)])).toEqual([
    [0, 20],
    [0, 20],
    [20, 44],
    [20, 44],
    [44, 60],
    [44, 60],
  ]);
});

test("asks the calendar once for each window, however many records come", () => {
  let asked = 0;
  const windows = knownWindows({
    at: (time) => {
      asked++;
      return time - (time % 10);
    },
    after: (time) => time - (time % 10) + 10,
  });
  for (let n = 0; n < 1_000; n++) {
    const time = (n * 7) % 100;
    expect(windows.firstStart(time)).toBe(time - (time % 10));
    expect(windows.endOf(windows.firstStart(time))).toBe(time - (time % 10) + 10);
  }
  expect(asked).toBe(10);
});
