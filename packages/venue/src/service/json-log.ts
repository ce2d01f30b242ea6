import type { Log, LogLevel } from "@millrace/streams";

export type LogThreshold = LogLevel | "silent";

const order: readonly LogThreshold[] = ["debug", "info", "warn", "error", "silent"];

/** A log of JSON lines, a line each, of what is at or above the threshold. */
export const jsonLog =
  (threshold: LogThreshold, write: (line: string) => void): Log =>
  (level, message, fields) => {
    if (order.indexOf(level) < order.indexOf(threshold)) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  };
