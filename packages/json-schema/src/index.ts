export {
  schemaRegistry,
  SchemaRegistryError,
  type SchemaRegistry,
  type SchemaRegistryOptions,
} from "@millrace/schema-registry";
export { jsonSchema, type JsonSchema, type JsonSchemaOptions } from "./json-schema.ts";
export { JsonSchemaError, type JsonSchemaErrorCode } from "./json-schema-error.ts";
export { jsonSchemaLanguage } from "./json-schema-language.ts";
export { memorySchemaRegistry } from "./memory-schema-registry.ts";
