export { avro, type AvroOptions } from "./avro.ts";
export { avroBinary } from "./avro-binary.ts";
export { AvroError, type AvroErrorCode } from "./avro-error.ts";
export { SchemaRegistry, type SchemaRegistryOptions } from "./schema-registry.ts";
