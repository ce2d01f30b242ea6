const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Milliseconds since the epoch of an ISO time with a zone, or of such a number as text; undefined for anything else.
 * Without a zone a time would mean another one on another machine.
 */
export const instant = (text: string): number | undefined => {
  const ms = /^\d+$/.test(text)
    ? Number(text)
    : iso.test(text) && isOnCalendar(text)
      ? Date.parse(text)
      : Number.NaN;
  return ms >= 0 && ms <= latest ? ms : undefined;
};

/** The last time that a Date can hold. */
const latest = 8_640_000_000_000_000;

/** Date.parse takes the 31st of February for the 3rd of March. */
const isOnCalendar = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
};
