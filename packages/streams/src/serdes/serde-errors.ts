import { inspect } from "node:util";
import { MillraceError } from "../errors.ts";

/** A serde that takes no null was given one: `NULL_PAYLOAD`. */
export const nullPayload = (serde: string): MillraceError =>
  new MillraceError(
    `null where the ${serde} serde needs bytes; wrap it in nullable() if null is allowed here`,
    { code: "NULL_PAYLOAD" },
  );

/** A payload is not what the serde writes: `DESERIALIZATION`. */
export const unreadable = (serde: string, reason: string, cause?: unknown): MillraceError =>
  new MillraceError(`the ${serde} serde can't read this: ${reason}`, { code: "DESERIALIZATION", cause });

const longest = 100;

/** A value is not one that the serde writes: `SERIALIZATION`. */
export const unwritable = (serde: string, value: unknown, wanted: string, cause?: unknown): MillraceError => {
  const text = inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  const hint = value === null ? "; wrap it in nullable() if null is allowed here" : "";
  return new MillraceError(
    `the ${serde} serde writes ${wanted}, not ${text.length > longest ? `${text.slice(0, longest)}…` : text}${hint}`,
    { code: "SERIALIZATION", cause },
  );
};
