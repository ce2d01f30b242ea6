import {
  memorySchemaRegistry as memoryRegistryOf,
  type SchemaLanguage,
  type SchemaRegistry,
} from "@millrace/schema-registry";
import { avroLanguage } from "./avro-language.ts";

/**
 * A registry in this process, for tests. It takes and refuses what a real one does: schemas of any kind that are valid
 * Avro, and under each subject only versions that can read what the older ones wrote. `others` are languages that its
 * subjects may be in as well.
 */
export const memorySchemaRegistry = (...others: readonly SchemaLanguage[]): SchemaRegistry =>
  memoryRegistryOf(avroLanguage, ...others);
