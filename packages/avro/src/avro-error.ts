import { MillraceError } from "@millrace/streams";

/** Why Avro bytes can't be read or written, or a schema is none. */
export type AvroErrorCode =
  /** Null where a value is expected: wrap the serde in `nullable(...)` if null is meant. */
  | "NULL_PAYLOAD"
  /** The first byte is not 0: not written with a schema registry. */
  | "WRONG_MAGIC"
  /** The id in front is none that a registry gives out. */
  | "UNKNOWN_SCHEMA_ID"
  /** The bytes end before the value does. */
  | "TRUNCATED"
  /** The value ends before the bytes do. */
  | "TRAILING_BYTES"
  /** The bytes are no value of the schema. */
  | "MALFORMED"
  /** What was written has no place in the reader's schema: a branch, a symbol without a default, a type. */
  | "INCOMPATIBLE_SCHEMA"
  /** A long beyond ±(2^53 - 1), where longs are numbers. */
  | "UNSAFE_LONG"
  /** The value is none of the schema. */
  | "DOES_NOT_FIT"
  /** Not an Avro schema. */
  | "INVALID_SCHEMA"
  /** `start()` was not awaited, or the serde only reads. */
  | "NOT_READY";

/** What an AvroError carries beside its code and message. */
export interface AvroErrorOptions extends ErrorOptions {
  readonly retriable?: boolean;
}

/** An error of this package; its message says what was read and, where something can be done, what to do. */
export class AvroError extends MillraceError {
  override readonly name = "AvroError";
  declare readonly code: AvroErrorCode;

  constructor(code: AvroErrorCode, message: string, options: AvroErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
