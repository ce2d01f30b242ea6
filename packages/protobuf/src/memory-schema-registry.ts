import {
  memorySchemaRegistry as memoryRegistryOf,
  type SchemaLanguage,
  type SchemaRegistry,
} from "@millrace/schema-registry";
import { protobufLanguage } from "./protobuf-language.ts";

/**
 * A registry in this process, for tests, that knows Protobuf: it refuses what is no .proto file, and versions in which
 * numbers mean another type than before. `others` are languages that its subjects may be in as well.
 */
export const memorySchemaRegistry = (...others: readonly SchemaLanguage[]): SchemaRegistry =>
  memoryRegistryOf(protobufLanguage, ...others);
