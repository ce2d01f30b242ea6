import { zonedTime } from "@millrace/service/settings";
import { usageError } from "./usage-error.ts";

const date = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads a time, ms: a date, which begins at midnight in UTC, or a time of day with its zone; one without would be somebody's
 * local time, and is refused. `others`: what else the option takes. Throws a MillraceError `USAGE`.
 */
export const parseTime = (option: string, text: string | undefined, others = ""): number => {
  const time = text === undefined ? undefined : zonedTime(date.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined)
    throw usageError(
      `${option} is ${text === undefined ? "missing" : `"${text}"`}; it must be ${others}a time such as 2026-03-02T10:00:00Z`,
    );
  return time;
};
