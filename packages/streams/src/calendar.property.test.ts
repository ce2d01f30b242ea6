import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendar, type CalendarUnit, type TimeWindows } from "./index.ts";

const hour = 3_600_000;
const utc = (text: string): number => Date.parse(text);
const inZone = (unit: CalendarUnit, zone: string): TimeWindows => calendar(unit, { zone, grace: 0 });

const zones = Intl.supportedValuesOf("timeZone");
const zone = fc.constantFrom(...zones, "Pacific/Apia", "America/St_Johns", "Africa/Cairo", "America/Havana");
const unit = fc.constantFrom<CalendarUnit>("day", "week", "month");
const times = fc.integer({ min: utc("1975-01-01T00:00:00Z"), max: utc("2060-01-01T00:00:00Z") });

describe("in any zone", () => {
  test("windows follow each other without a gap, none is empty, and none longer than its size", () => {
    fc.assert(
      fc.property(zone, unit, times, (name, units, time) => {
        const windows = inZone(units, name);
        const start = windows.firstStart(time);
        const end = windows.endOf(start);
        expect(start).toBeLessThanOrEqual(time);
        expect(time).toBeLessThan(end);
        expect(end - start).toBeLessThanOrEqual(windows.size);
        expect(windows.firstStart(end)).toBe(end);
        expect(windows.firstStart(end - 1)).toBe(start);
        expect(windows.firstStart(start)).toBe(start);
      }),
      { numRuns: 500 },
    );
  });

  test("what is remembered is what the calendar says, in whatever order it is asked", () => {
    fc.assert(
      fc.property(zone, unit, fc.array(times, { maxLength: 20 }), (name, units, asked) => {
        const windows = inZone(units, name);
        for (const time of [...asked, ...asked.toReversed()]) {
          const fresh = inZone(units, name);
          expect([windows.firstStart(time), windows.endOf(windows.firstStart(time))]).toEqual([
            fresh.firstStart(time),
            fresh.endOf(fresh.firstStart(time)),
          ]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("days begin when clocks first show their date", () => {
    fc.assert(
      fc.property(zone, times, (name, time) => {
        const days = inZone("day", name);
        expect(days.firstStart(time)).toBe(firstMinuteOfDate(name, time));
      }),
      { numRuns: 60 },
    );
  });

  test("weeks and months begin with one of the days, that of their first date or the next that there is", () => {
    fc.assert(
      fc.property(zone, fc.constantFrom<"week" | "month">("week", "month"), times, (name, units, time) => {
        const days = inZone("day", name);
        const start = inZone(units, name).firstStart(time);
        expect(days.firstStart(start)).toBe(start);
        const { dayOfMonth, weekday } = shown(name, start);
        expect(units === "week" ? weekday : dayOfMonth).toBe(units === "week" ? "Mon" : "1");
      }),
      { numRuns: 200 },
    );
  });
});

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a calendar on the wall says. */
const shown = (name: string, time: number): { date: string; dayOfMonth: string; weekday: string } => {
  const format =
    formats.get(name) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      year: "numeric",
      month: "2-digit",
      day: "numeric",
      weekday: "short",
    });
  formats.set(name, format);
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const { year = "", month = "", day: dayOfMonth = "", weekday = "" } = parts;
  return { date: `${year}-${month}-${dayOfMonth.padStart(2, "0")}`, dayOfMonth, weekday };
};

/** The slow way: minute by minute back to when the latest date seen so far was first shown. */
const firstMinuteOfDate = (name: string, time: number): number => {
  const minute = 60_000;
  const to = time - (time % minute);
  let start = to - 28 * hour;
  let latest = shown(name, start).date;
  for (let at = start; at <= to; at += minute) {
    const { date } = shown(name, at);
    if (date <= latest) continue;
    latest = date;
    start = at;
  }
  return start;
};
