export { avro, type AvroOptions, type AvroProjection } from "./avro.ts";
export { avroBinary } from "./avro-binary.ts";
export { AvroError, type AvroErrorCode, type AvroErrorOptions } from "./avro-error.ts";
export type { AvroSchema } from "./avro-schema.ts";
export { memorySchemaRegistry } from "./memory-schema-registry.ts";
export type { Compatibility, RegistryCredentials } from "./registry-client.ts";
export { schemaRegistry, type SchemaRegistry, type SchemaRegistryOptions } from "./schema-registry.ts";
