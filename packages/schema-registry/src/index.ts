export type { Compatibility } from "./compatibility.ts";
export type { BearerToken, RegistryAuth, RegistryCredentials } from "./http-requester.ts";
export { schemaRegistry } from "./http-schema-registry.ts";
export { memorySchemaRegistry } from "./memory-schema-registry.ts";
export {
  SchemaRegistryError,
  type SchemaRegistryErrorCode,
  type SchemaRegistryErrorOptions,
} from "./registry-error.ts";
export { type PayloadCodec, registrySerde, type RegistrySerdeOptions } from "./registry-serde.ts";
export { RegistryState, type SubjectVersion } from "./registry-state.ts";
export type { ParsedSchema, SchemaLanguage } from "./schema-language.ts";
export type { SchemaRegistry } from "./schema-registry.ts";
export type { SchemaRegistryOptions } from "./schema-registry-options.ts";
export type {
  ReferencedSchema,
  RegisteredSchema,
  SchemaReference,
  SchemaSource,
  SchemaText,
  SchemaType,
} from "./schema-text.ts";
