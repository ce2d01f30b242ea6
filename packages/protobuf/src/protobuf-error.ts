import { MillraceError } from "@millrace/streams";

/** Why Protobuf bytes can't be read or written, or a schema is none. */
export type ProtobufErrorCode =
  /** Null where a message is expected: wrap the serde in `nullable(...)` if null is meant. */
  | "NULL_PAYLOAD"
  /** The first byte is not 0: not written with a schema registry. */
  | "WRONG_MAGIC"
  /** The id in front is none that a registry gives out. */
  | "UNKNOWN_SCHEMA_ID"
  /** Too few bytes for an id, or for the indexes of the message. */
  | "TRUNCATED"
  /** The bytes are no message. */
  | "MALFORMED"
  /** Another message than the serde's. */
  | "OTHER_MESSAGE"
  /** An integer beyond ±(2^53 - 1), where 64-bit integers are numbers. */
  | "UNSAFE_LONG"
  /** The value is no such message. */
  | "DOES_NOT_FIT"
  /** No .proto file, or none that has the message. */
  | "INVALID_SCHEMA"
  /** `start()` was not awaited. */
  | "NOT_READY";

/** An error of this package; its message says what was read, where in it, and what was expected. */
export class ProtobufError extends MillraceError {
  override readonly name = "ProtobufError";
  declare readonly code: ProtobufErrorCode;

  constructor(code: ProtobufErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
