/** What the venue's clocks show. */
export interface ClockReading {
  /** 0 = Sunday. */
  readonly dayOfWeek: number;
  /** 0–23. */
  readonly hour: number;
  readonly minute: number;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
/** Making a format is slow, and a process knows one zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
  formats.set(timeZone, format);
  return format;
};

/** Reads an instant, ms since the epoch, on the clocks of a time zone (IANA). */
export const venueClock = (instant: number, timeZone: string): ClockReading => {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return {
    dayOfWeek: weekdays.indexOf(parts.get("weekday") ?? ""),
    hour: Number(parts.get("hour")),
    minute: Number(parts.get("minute")),
  };
};
