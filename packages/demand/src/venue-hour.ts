import { hours } from "@millrace/streams";

/** Day of the week, 0 = Sunday, and hour of the day on the venue's clocks. */
export interface VenueHour {
  readonly dayOfWeek: number;
  readonly hour: number;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const kept = 10_000;

/** Reads a UTC hour on the clocks of a time zone (IANA). Intl is slow, and hours repeat: answers are kept. */
export const venueHours = (timeZone: string): ((hourStart: number) => VenueHour) => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "numeric",
    hourCycle: "h23",
  });
  const known = new Map<number, VenueHour>();
  return (hourStart) => {
    const start = hourStart - (hourStart % hours(1));
    const found = known.get(start);
    if (found !== undefined) return found;
    const parts = new Map(format.formatToParts(start).map(({ type, value }) => [type, value]));
    const slot = {
      dayOfWeek: weekdays.indexOf(parts.get("weekday") ?? ""),
      hour: Number(parts.get("hour")),
    };
    if (known.size >= kept) known.clear();
    known.set(start, slot);
    return slot;
  };
};
