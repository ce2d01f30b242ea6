import { MillraceError } from "../errors.ts";

/** The error of a serde that takes no null: `NULL_PAYLOAD`. */
export const nullPayload = (serde: string): MillraceError =>
  new MillraceError(
    `null where the ${serde} serde needs bytes; wrap it in nullable() if null is allowed here`,
    {
      code: "NULL_PAYLOAD",
    },
  );
