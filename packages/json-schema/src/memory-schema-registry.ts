import {
  memorySchemaRegistry as memoryRegistryOf,
  type SchemaLanguage,
  type SchemaRegistry,
} from "@millrace/schema-registry";
import { jsonSchemaLanguage } from "./json-schema-language.ts";

/**
 * A registry in this process, for tests, that knows JSON Schema: it refuses what is none, and versions that allow less
 * than older ones. `others` are languages that its subjects may be in as well.
 */
export const memorySchemaRegistry = (...others: readonly SchemaLanguage[]): SchemaRegistry =>
  memoryRegistryOf(jsonSchemaLanguage, ...others);
