import { MillraceError } from "../../errors.ts";

/** A single record is larger than its topic takes. */
export class RecordTooLargeError extends MillraceError {
  override readonly name = "RecordTooLargeError";
  constructor(size: number, limit: number) {
    super(
      `a record needs ${size} bytes, and its topic takes batches of at most ${limit} (max.message.bytes): raise that, or ` +
        "make the record smaller",
      { code: "RECORD_TOO_LARGE" },
    );
  }
}
