import { MillraceError } from "@millrace/streams";

/** Why JSON can't be read or written by its schema, or a schema is none. */
export type JsonSchemaErrorCode =
  /** Null where a value is expected: wrap the serde in `nullable(...)` if null is meant. */
  | "NULL_PAYLOAD"
  /** The first byte is not 0: not written with a schema registry. */
  | "WRONG_MAGIC"
  /** The id in front is none that a registry gives out. */
  | "UNKNOWN_SCHEMA_ID"
  /** Too few bytes for an id. */
  | "TRUNCATED"
  /** No JSON. */
  | "MALFORMED"
  /** JSON that the schema does not allow. */
  | "INVALID_VALUE"
  /** The value is none of the schema, or none of JSON. */
  | "DOES_NOT_FIT"
  /** Not a JSON Schema, or not one of a draft that is known. */
  | "INVALID_SCHEMA"
  /** `start()` was not awaited. */
  | "NOT_READY";

/** An error of this package; its message says what was read, where in it, and what was expected. */
export class JsonSchemaError extends MillraceError {
  override readonly name = "JsonSchemaError";
  declare readonly code: JsonSchemaErrorCode;

  constructor(code: JsonSchemaErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
