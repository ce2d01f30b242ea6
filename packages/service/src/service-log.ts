import type { Log } from "@millrace/streams";
import { type DestinationStream, destination, pino, stdSerializers, stdTimeFunctions } from "pino";
import type { LogThreshold } from "./settings/service-settings.ts";

/** Keys that each line has of its own, in which no field may stand. */
const own = new Set(["level", "time", "message"]);

/**
 * A log of JSON lines (pino) on standard error, of what is at or above the threshold: `level`, `time` in ISO format,
 * the fields, `message`. A field that takes one of these names gets a "_" before it. Written at once: a process that
 * ends has said what it had to say.
 */
export const serviceLog = (
  threshold: LogThreshold,
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Log => {
  const logger = pino(
    {
      level: threshold,
      base: null,
      messageKey: "message",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    stream,
  );
  return (level, message, fields) => {
    // There may be a line for each record that nobody wants to see.
    if (logger.isLevelEnabled(level)) logger[level](fields === undefined ? {} : legible(fields), message);
  };
};

const legible = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      own.has(key) ? `_${key}` : key,
      value instanceof Error ? stdSerializers.err(value) : value,
    ]),
  );
