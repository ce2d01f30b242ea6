import type { ResetTarget } from "@millrace/operations";
import { usageError } from "./usage-error.ts";

const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Reads `--to`: a time without a zone would be somebody's local one, and is refused. Throws a MillraceError `USAGE`. */
export const parseResetTarget = (text: string | undefined): ResetTarget => {
  if (text === "earliest" || text === "latest") return text;
  const time = text !== undefined && iso.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw usageError(
      `--to is ${text === undefined ? "missing" : `"${text}"`}; it must be earliest, latest, or a time such as ` +
        "2026-03-02T10:00:00Z",
    );
  return time;
};
