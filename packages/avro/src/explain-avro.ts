import type { RegisteredSchema } from "@millrace/schema-registry";
import { AvroError } from "./avro-error.ts";
import { compilePartialReader } from "./codec/compile-reader.ts";
import { writeJson } from "./schema/json-text.ts";
import { nameOf, type SchemaNode } from "./schema/schema-node.ts";
import { writerNode } from "./writer-node.ts";

/** A field's value in Avro's JSON encoding (a union's with its branch), or why it can't be read. */
export type ExplainedField =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly problem: string };

/** What `explainAvro` found. */
export interface ExplainedAvro {
  /** Of the schema. */
  readonly name: string;
  /** Up to the first that can't be read; one called "value" where the schema is no record. */
  readonly fields: readonly ExplainedField[];
  /** Bytes behind the last field; 0 after a problem. */
  readonly left: number;
}

/**
 * Avro bytes `source[start, end)` as their own schema has them, field by field, as far as they can be read: for people who
 * look at a dead letter. Throws INVALID_SCHEMA only.
 */
export const explainAvro = (
  schema: RegisteredSchema,
  source: Buffer,
  start: number,
  end: number,
): ExplainedAvro => {
  const node = writerNode(schema);
  const parts: readonly { readonly name: string; readonly type: SchemaNode }[] =
    node.kind === "record" ? node.fields : [{ name: "value", type: node }];
  const fields: ExplainedField[] = [];
  let at = start;
  for (const { name, type } of parts) {
    try {
      const { value, next } = compilePartialReader(type, form)(source, at, end);
      fields.push({ name, text: writeJson(value) });
      at = next;
    } catch (error) {
      if (!(error instanceof AvroError)) throw error;
      const problem =
        error.code === "TRUNCATED"
          ? `the bytes end here, at ${at} of ${end}`
          : `unreadable at byte ${at}: ${error.message}`;
      return { name: nameOf(node), fields: [...fields, { name, problem }], left: 0 };
    }
  }
  return { name: nameOf(node), fields, left: end - at };
};

const form = { longs: "bigint", decimals: "string", wrapAll: true } as const;
