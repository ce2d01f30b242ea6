import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { parseJson } from "./schema/json-text.ts";

interface RecordSchema {
  readonly type: "record";
  readonly fields: readonly { readonly name: string }[];
}

const isRecord = (schema: unknown): schema is RecordSchema =>
  typeof schema === "object" && schema !== null && "fields" in schema && Array.isArray(schema.fields);

/** The record schema with only these of its fields: a reader's schema that skips the rest. Throws INVALID_SCHEMA. */
export const projection = (schema: AvroSchema, fields: readonly string[]): AvroSchema => {
  const full: unknown = typeof schema === "string" && schema.startsWith("{") ? parseJson(schema) : schema;
  if (!isRecord(full)) throw new AvroError("INVALID_SCHEMA", "only a record has fields to choose from");
  for (const name of fields)
    if (!full.fields.some((field) => field.name === name))
      throw new AvroError(
        "INVALID_SCHEMA",
        `the record has no field "${name}"; it has ${full.fields.map((field) => field.name).join(", ")}`,
      );
  const projected: Readonly<Record<string, unknown>> = {
    ...full,
    fields: full.fields.filter(({ name }) => fields.includes(name)),
  };
  return projected;
};
