import { messageOf } from "../../errors.ts";
import { consoleLog } from "../settings/console-log.ts";
import type { Log } from "../../log.ts";

/**
 * The same log, which never throws: what it is told of goes on whatever becomes of the line. That it failed is told on
 * standard error once, and what it was to write there too if it is a warning or an error.
 */
export const safeLog = (log: Log): Log => {
  let told = false;
  return (level, message, fields) => {
    try {
      log(level, message, fields);
    } catch (error) {
      if (!told) consoleLog("error", `the log that the application was given failed: ${messageOf(error)}`);
      told = true;
      consoleLog(level, message);
    }
  };
};
