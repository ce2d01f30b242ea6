import type { ParsedSchema, SchemaLanguage } from "@millrace/schema-registry";
import { JsonSchemaError } from "./json-schema-error.ts";
import { narrowings } from "./narrowings.ts";
import { validator } from "./validator.ts";

interface JsonParsed extends ParsedSchema {
  readonly json: unknown;
}

/** JSON Schema, for registries that judge schemas: `memorySchemaRegistry`. */
export const jsonSchemaLanguage: SchemaLanguage = {
  schemaType: "JSON",
  parse: (schema, references): JsonParsed => {
    const json = parsed(schema);
    validator(json, references);
    return {
      json,
      canonical: JSON.stringify(json),
      problemsReading: (writer) => narrowings(json, (writer as JsonParsed).json, "#"),
    };
  },
};

const parsed = (schema: string): unknown => {
  try {
    return JSON.parse(schema) as unknown;
  } catch (error) {
    throw new JsonSchemaError("INVALID_SCHEMA", `not a JSON Schema: ${String(error)}`, { cause: error });
  }
};
