import { MillraceError } from "@millrace/streams";

/** Why Avro bytes can't be read or written, or a schema can't be had. */
export type AvroErrorCode =
  /** Null where a value is expected: wrap the serde in `nullable(...)` if null is meant. */
  | "NULL_PAYLOAD"
  /** The first byte is not 0: not written with a schema registry. */
  | "WRONG_MAGIC"
  /** The registry answered that it knows no such schema. */
  | "UNKNOWN_SCHEMA_ID"
  /** The bytes end before the value does. */
  | "TRUNCATED"
  /** The value ends before the bytes do. */
  | "TRAILING_BYTES"
  /** The bytes are no value of the schema. */
  | "MALFORMED"
  /** The writer's schema can't be read as the reader's, or the registry refuses it for its subject. */
  | "INCOMPATIBLE_SCHEMA"
  /** The value is none of the schema. */
  | "DOES_NOT_FIT"
  /** Not an Avro schema. */
  | "INVALID_SCHEMA"
  /** `start()` or `prepare()` was not awaited, or the serde only reads. */
  | "NOT_READY"
  /** The registry is out of reach, or refuses. */
  | "SCHEMA_REGISTRY";

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
