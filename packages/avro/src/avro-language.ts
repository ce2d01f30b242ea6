import type { ParsedSchema, SchemaLanguage } from "@millrace/schema-registry";
import { problemsReading } from "./resolution/problems-reading.ts";
import { parseJson, writeJson } from "./schema/json-text.ts";
import { parseSchema } from "./schema/parse-schema.ts";
import type { SchemaNode } from "./schema/schema-node.ts";

interface AvroParsed extends ParsedSchema {
  readonly node: SchemaNode;
}

/** Avro, for registries that judge schemas: `memorySchemaRegistry`. */
export const avroLanguage: SchemaLanguage = {
  schemaType: "AVRO",
  parse: (schema, references): AvroParsed => {
    const node = parseSchema(schema, { references: references.map((reference) => reference.schema) });
    return {
      node,
      canonical: writeJson(sorted(parseJson(schema))),
      problemsReading: (writer) => problemsReading(node, (writer as AvroParsed).node),
    };
  },
};

/** Attributes in the order of their names: which one comes first says nothing. */
const sorted = (json: unknown): unknown => {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, sorted(value)]),
  );
};
