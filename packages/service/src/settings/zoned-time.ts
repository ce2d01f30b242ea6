const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Milliseconds since the epoch of a time as a person gives it, in ISO format and with its zone; undefined for anything
 * else. Without a zone a time would mean another one on another machine.
 */
export const zonedTime = (text: string): number | undefined => {
  const ms = iso.test(text) && isOnCalendar(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

/** Date.parse takes the 31st of February for the 3rd of March. */
const isOnCalendar = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  const date = new Date(0);
  // Date.UTC would take the year 99 for 1999.
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCDate() === day;
};
