import { MillraceError } from "../../errors.ts";

/** Throws INVALID_TIMESTAMP for what is no time: a timestamp is a safe integer, ms since the epoch, 0 or more. */
export const checkTimestamp = (timestamp: number): void => {
  if (Number.isSafeInteger(timestamp) && timestamp >= 0) return;
  throw new MillraceError(
    `${String(timestamp)} is no timestamp: it must be a whole number of ms since the epoch, 0 or more`,
    { code: "INVALID_TIMESTAMP" },
  );
};
