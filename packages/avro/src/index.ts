export {
  schemaRegistry,
  SchemaRegistryError,
  type SchemaRegistry,
  type SchemaRegistryOptions,
} from "@millrace/schema-registry";
export { avro, type AvroOptions, type AvroProjection } from "./avro.ts";
export { avroBinary } from "./avro-binary.ts";
export { AvroError, type AvroErrorCode, type AvroErrorOptions } from "./avro-error.ts";
export { avroLanguage } from "./avro-language.ts";
export type { AvroSchema } from "./avro-schema.ts";
export type { ValueForm } from "./codec/value-form.ts";
export { explainAvro, type ExplainedAvro, type ExplainedField } from "./explain-avro.ts";
export { memorySchemaRegistry } from "./memory-schema-registry.ts";
