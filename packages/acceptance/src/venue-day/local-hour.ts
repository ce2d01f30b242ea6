import { timeZone } from "./the-day.ts";

const format = new Intl.DateTimeFormat("en-GB", {
  timeZone,
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  hourCycle: "h23",
});

/** What the venue's clocks show at an instant; 0 is Sunday. */
export const localHour = (
  instant: number,
): { readonly dayOfWeek: number; readonly hour: number; readonly minute: number } => {
  const shown = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const field = (name: Intl.DateTimeFormatPartTypes): number => shown.get(name) ?? Number.NaN;
  const dayOfWeek = new Date(Date.UTC(field("year"), field("month") - 1, field("day"))).getUTCDay();
  return { dayOfWeek, hour: field("hour"), minute: field("minute") };
};
