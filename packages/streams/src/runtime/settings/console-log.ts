import type { Log } from "../../log.ts";

/**
 * The log of an application that was given none: warnings and errors on standard error, a line each, so that nobody is
 * left before a silent terminal. `log: () => undefined` says nothing.
 */
export const consoleLog: Log = (level, message, fields) => {
  if (level !== "warn" && level !== "error") return;
  const details = fields === undefined ? "" : ` ${legible(fields)}`;
  process.stderr.write(`millrace ${level}: ${message}${details}\n`);
};

const legible = (fields: Readonly<Record<string, unknown>>): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
