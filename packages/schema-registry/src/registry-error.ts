import { MillraceError } from "@millrace/streams";

/** Why a schema can't be registered or had. */
export type SchemaRegistryErrorCode =
  /** The registry answered that it knows no such schema. */
  | "UNKNOWN_SCHEMA_ID"
  /** The registry refuses the schema for its subject: what older versions wrote could not be read. */
  | "INCOMPATIBLE_SCHEMA"
  /** No schema of its language, or of a language that is not the serde's. */
  | "INVALID_SCHEMA"
  /** `start()` or `prepare()` was not awaited. */
  | "NOT_READY"
  /** The registry is out of reach, or refuses. */
  | "SCHEMA_REGISTRY";

/** What a SchemaRegistryError carries beside its code and message. */
export interface SchemaRegistryErrorOptions extends ErrorOptions {
  readonly retriable?: boolean;
}

/** An error of a schema registry; its message says which one, what was asked of it, and what to do. */
export class SchemaRegistryError extends MillraceError {
  override readonly name = "SchemaRegistryError";
  declare readonly code: SchemaRegistryErrorCode;

  constructor(code: SchemaRegistryErrorCode, message: string, options: SchemaRegistryErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
