import { AvroError } from "./avro-error.ts";
import type { RecordNode, SchemaNode } from "./schema/schema-node.ts";

/**
 * The record with only these of its fields: a reader's schema that skips the rest. What is in the fields stays whole, types
 * too that a field defines which is left out, and a record inside itself. Throws INVALID_SCHEMA.
 */
export const projection = (node: SchemaNode, fields: readonly string[]): RecordNode => {
  if (node.kind !== "record")
    throw new AvroError("INVALID_SCHEMA", "only a record has fields to choose from");
  for (const name of fields)
    if (!node.fields.some((field) => field.name === name))
      throw new AvroError(
        "INVALID_SCHEMA",
        `the record has no field "${name}"; it has ${node.fields.map((field) => field.name).join(", ")}`,
      );
  return { ...node, fields: node.fields.filter(({ name }) => fields.includes(name)) };
};
