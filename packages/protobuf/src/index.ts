export {
  schemaRegistry,
  SchemaRegistryError,
  type SchemaRegistry,
  type SchemaRegistryOptions,
} from "@millrace/schema-registry";
export { memorySchemaRegistry } from "./memory-schema-registry.ts";
export type { Longs } from "./message-values.ts";
export { protobuf, type ProtobufOptions } from "./protobuf.ts";
export { ProtobufError, type ProtobufErrorCode } from "./protobuf-error.ts";
export { protobufLanguage } from "./protobuf-language.ts";
