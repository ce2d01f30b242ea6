import type { Log, LogLevel } from "@millrace/streams";

export type LogThreshold = LogLevel | "silent";

const order: readonly LogThreshold[] = ["debug", "info", "warn", "error", "silent"];

/** A log of JSON lines, a line each, of what is at or above the threshold. */
export const jsonLog =
  (threshold: LogThreshold, write: (line: string) => void): Log =>
  (level, message, fields) => {
    if (order.indexOf(level) < order.indexOf(threshold)) return;
    // First, to be read first; and last, so that no field of theirs takes the name of one of these.
    const own = { time: new Date().toISOString(), level, message };
    write(`${JSON.stringify({ ...own, ...fields, ...own })}\n`);
  };
