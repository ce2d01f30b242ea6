import { clockTime } from "./clock-time.ts";
import { venueClock } from "./venue-clock.ts";

/** A stretch of the venue's day, in its wall-clock time. */
export interface TimeWindow {
  /** The days on which it starts, 0 = Sunday; none: every day. */
  readonly daysOfWeek?: readonly number[];
  /** "HH:MM". */
  readonly startTime: string;
  /** "HH:MM", exclusive. Not after startTime: on the next day; equal to it: 24 hours of the clock. */
  readonly endTime: string;
}

/** When a config holds. */
export interface Schedule {
  /** Inclusive; null: always has. */
  readonly effectiveFrom: Date | null;
  /** Exclusive; null: always will. */
  readonly effectiveTo: Date | null;
  /** None: all day, every day. */
  readonly timeWindows: readonly TimeWindow[];
}

/** What a schedule says to an instant. */
export type Applicability = "applies" | "outsideEffectiveDates" | "outsideTimeWindows";

/**
 * Does a schedule hold at an instant, ms since the epoch, on the clocks of a time zone (IANA)? What the clocks show
 * decides: at the start of summer time the skipped hour is in no window, and at its end both halves of the doubled
 * hour are. What a window has after midnight belongs to the day on which it started.
 */
export const applicability = (
  { effectiveFrom, effectiveTo, timeWindows }: Schedule,
  instant: number,
  timeZone: string,
): Applicability => {
  if (effectiveFrom !== null && instant < effectiveFrom.getTime()) return "outsideEffectiveDates";
  if (effectiveTo !== null && instant >= effectiveTo.getTime()) return "outsideEffectiveDates";
  if (timeWindows.length === 0) return "applies";
  const { dayOfWeek, hour, minute } = venueClock(instant, timeZone);
  const now = 60 * hour + minute;
  return timeWindows.some((window) => contains(window, dayOfWeek, now)) ? "applies" : "outsideTimeWindows";
};

const contains = (window: TimeWindow, today: number, now: number): boolean => {
  const start = clockTime(window.startTime);
  const end = clockTime(window.endTime);
  if (start === undefined || end === undefined) return false;
  if (start < end) return startsOn(window, today) && now >= start && now < end;
  return (now >= start && startsOn(window, today)) || (now < end && startsOn(window, (today + 6) % 7));
};

const startsOn = ({ daysOfWeek }: TimeWindow, day: number): boolean =>
  daysOfWeek === undefined || daysOfWeek.length === 0 || daysOfWeek.includes(day);
