/** How grave a line of the log is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where the runtime says what it does; `fields` are for machines. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Says nothing. */
export const silent: Log = () => undefined;
