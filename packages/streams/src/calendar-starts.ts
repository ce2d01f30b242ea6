import { Temporal } from "temporal-polyfill";
import { MillraceError, TopologyError } from "./errors.ts";
import type { WindowStarts } from "./window-starts.ts";

/** Unit of a calendar. */
export type CalendarUnit = "day" | "week" | "month";

/** ms: calendars end in the year 275760, and windows must end before they do. */
const last = 8.64e15 - 40 * 86_400_000;

/** When the days, weeks or months of a zone begin. Slow: each answer asks the time zone database several times. */
export const calendarStarts = (unit: CalendarUnit, zone: string, firstDay: number): WindowStarts => {
  const dateOf = (time: number): Temporal.PlainDate => {
    const { year, month, day } = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
    return Temporal.PlainDate.from({ year, month, day });
  };
  /** The first instant of that date. */
  const startOf = (date: Temporal.PlainDate): number => date.toZonedDateTime(zone).epochMilliseconds;
  const firstOf = (date: Temporal.PlainDate): Temporal.PlainDate =>
    unit === "day"
      ? date
      : unit === "month"
        ? date.with({ day: 1 })
        : date.subtract({ days: (date.dayOfWeek - firstDay + 7) % 7 });
  const next = (date: Temporal.PlainDate): Temporal.PlainDate =>
    date.add(unit === "day" ? { days: 1 } : unit === "week" ? { weeks: 1 } : { months: 1 });
  /** Start and end of the window that holds `time`. */
  const around = (time: number): readonly [start: number, end: number] => {
    if (time > last)
      throw new MillraceError(`${time} ms is a time that no calendar knows`, { code: "INVALID_TIMESTAMP" });
    let following = next(firstOf(dateOf(time)));
    let start = startOf(firstOf(dateOf(time)));
    let end = startOf(following);
    // Clocks that are put back over midnight show the old date again: it is the new one's window all the same.
    while (end <= time) {
      following = next(following);
      start = end;
      end = startOf(following);
    }
    return [Math.max(0, start), end];
  };
  try {
    around(0);
  } catch {
    throw new TopologyError(`there is no time zone "${zone}": give its IANA name, such as "Europe/Berlin"`);
  }
  return { at: (time) => around(time)[0], after: (time) => around(time)[1] };
};
