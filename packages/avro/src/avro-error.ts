import { MillraceError } from "@millrace/streams";

/** Why Avro bytes can't be read, or a schema can't be had. */
export type AvroErrorCode =
  | "AVRO_NULL"
  | "AVRO_MAGIC"
  | "AVRO_UNKNOWN_SCHEMA_ID"
  | "AVRO_TRUNCATED"
  | "AVRO_TRAILING_BYTES"
  | "AVRO_INVALID"
  | "AVRO_INCOMPATIBLE"
  | "AVRO_NOT_REGISTERED"
  | "SCHEMA_REGISTRY";

/** An error of this package; its message says what was read and what to do. */
export class AvroError extends MillraceError {
  override readonly name = "AvroError";
  constructor(
    code: AvroErrorCode,
    message: string,
    options: ErrorOptions & { readonly retriable?: boolean } = {},
  ) {
    super(message, { code, ...options });
  }
}
