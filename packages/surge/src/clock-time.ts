const pattern = /^(\d\d):(\d\d)$/;

/**
 * Minutes since midnight of an "HH:MM" from 00:00 to 23:59; undefined if it is none. "24:00", which people write for
 * the end of a day, is that midnight: 0.
 */
export const clockTime = (text: string): number | undefined => {
  const [, hour, minute] = pattern.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  if (text === "24:00") return 0;
  return Number(hour) < 24 && Number(minute) < 60 ? 60 * Number(hour) + Number(minute) : undefined;
};
