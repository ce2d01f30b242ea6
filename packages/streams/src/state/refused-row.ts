import { inspect } from "node:util";
import { MillraceError, messageOf } from "../errors.ts";

const longestKey = 200;

/** A key as an error message shows it. */
const keyText = (key: unknown): string => {
  const text = inspect(key, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
  return text.length > longestKey ? `${text.slice(0, longestKey)}…` : text;
};

/**
 * A serde refused what was put into a store, or the changelog's producer did (then with the code of its own error, if it
 * has one).
 */
export const refusedRow = (store: string, key: unknown, timestamp: number, cause: unknown): MillraceError =>
  new MillraceError(
    `store "${store}" could not take the row of key ${keyText(key)} (timestamp ${timestamp}): ${messageOf(cause)}`,
    { code: cause instanceof MillraceError ? cause.code : "SERIALIZATION", cause },
  );
