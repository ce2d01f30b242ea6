import { zonedTime } from "@millrace/service/settings";

/** Milliseconds since the epoch of an ISO time with a zone, or of such a number as text; undefined for anything else. */
export const instant = (text: string): number | undefined => {
  const ms = /^\d+$/.test(text) ? Number(text) : zonedTime(text);
  return ms !== undefined && ms >= 0 && ms <= latest ? ms : undefined;
};

/** The last time that a Date can hold. */
const latest = 8_640_000_000_000_000;
