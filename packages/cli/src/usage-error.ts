import { MillraceError } from "@millrace/streams";

/** The command can't be carried out as it was given; the message says what to give instead. */
export const usageError = (message: string): MillraceError => new MillraceError(message, { code: "USAGE" });
