import type { Log } from "@millrace/streams";

/** The same log with these fields in each line; a line's own fields go before them. */
export const withFields =
  (log: Log, fields: Readonly<Record<string, unknown>>): Log =>
  (level, message, own) =>
    log(level, message, { ...fields, ...own });
