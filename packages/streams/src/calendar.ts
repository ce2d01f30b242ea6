import { calendarStarts, type CalendarUnit } from "./calendar-starts.ts";
import { TopologyError } from "./errors.ts";
import { knownWindows } from "./known-windows.ts";
import { cutAfter } from "./window-starts.ts";
import { checkGrace, type GraceOption, type TimeWindows } from "./windows.ts";

const day = 86_400_000;
/** How much longer than its usual hours a window may be, ms: since 1970 no clock was put back by more than 3 hours. */
const slack = 14_400_000;

/** Days, with the numbers that ISO 8601 gives them. */
const weekdays = {
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
} as const;

const usualDays: Readonly<Record<CalendarUnit, number>> = { day: 1, week: 7, month: 31 };

/** Whose calendar it is. */
export interface CalendarOptions<Unit extends CalendarUnit = CalendarUnit> extends GraceOption {
  /** IANA name of the time zone whose clocks count, e.g. "Europe/Berlin". */
  readonly zone: string;
  /** The day that weeks begin with; Monday, as in ISO 8601, unless said otherwise. */
  readonly firstDay?: Unit extends "week" ? keyof typeof weekdays : "only weeks have a first day";
}

/**
 * Windows of whole days, weeks or months by the clocks of a time zone (Kafka Streams has none; its users extend `Windows`).
 * They follow each other without a gap, and are as long as the calendar says: a day on which clocks change has 23 or 25
 * hours. A day begins at midnight, or, where clocks skip midnight, when they stop skipping; where they show midnight twice,
 * at the first. A date that a zone has left out has no window. Throws a TopologyError for a zone that nobody knows.
 */
export const calendar = <Unit extends CalendarUnit>(
  unit: Unit,
  { zone, grace, firstDay }: CalendarOptions<Unit>,
): TimeWindows => {
  if (!Object.hasOwn(usualDays, unit))
    throw new TopologyError(`a calendar has windows of a day, a week or a month, not of "${unit}"`);
  const first: number | undefined = firstDay === undefined ? 1 : weekdays[firstDay as keyof typeof weekdays];
  if (first === undefined)
    throw new TopologyError(
      `a week can't begin with "${firstDay}": it is one of ${Object.keys(weekdays).join(", ")}`,
    );
  checkGrace(grace);
  const size = usualDays[unit] * day + slack;
  const starts = calendarStarts(unit, zone, first);
  return {
    type: "time",
    size,
    advance: Number.POSITIVE_INFINITY,
    grace,
    ...knownWindows(cutAfter(size, starts)),
  };
};
