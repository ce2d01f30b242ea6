import type { ResetTarget } from "@millrace/operations";
import { parseTime } from "./parse-time.ts";

/** Reads `--to`. Throws a MillraceError `USAGE`. */
export const parseResetTarget = (text: string | undefined): ResetTarget =>
  text === "earliest" || text === "latest" ? text : parseTime("--to", text, "earliest, latest, or ");
