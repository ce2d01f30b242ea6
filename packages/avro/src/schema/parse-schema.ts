import { AvroError } from "../avro-error.ts";
import type { AvroSchema } from "../avro-schema.ts";
import { messageOf } from "../message-of.ts";
import { checkDefaults } from "./default-value.ts";
import { parseJson } from "./json-text.ts";
import { NamedTypes } from "./named-types.ts";
import { SchemaParser } from "./schema-parser.ts";
import type { SchemaNode } from "./schema-node.ts";

export interface ParseOptions {
  /** Schemas that this one may name, each after those that it names itself. */
  readonly references?: readonly AvroSchema[];
  /**
   * Checks names and defaults too. False for what somebody else wrote with: neither matters for reading it, and
   * registries take both as they come.
   */
  readonly strict?: boolean;
}

/** What a schema means. Throws INVALID_SCHEMA. */
export const parseSchema = (
  schema: AvroSchema,
  { references = [], strict = true }: ParseOptions = {},
): SchemaNode => {
  try {
    const names = new NamedTypes();
    for (const reference of references) new SchemaParser(names, false).parse(jsonOf(reference));
    const node = new SchemaParser(names, strict).parse(jsonOf(schema));
    names.resolveAll();
    const resolved = names.resolved(node);
    if (strict) checkDefaults(resolved);
    return resolved;
  } catch (error) {
    if (error instanceof AvroError) throw error;
    // Any stack overflows where types are nested some thousand levels deep.
    throw new AvroError("INVALID_SCHEMA", `not an Avro schema: ${messageOf(error)}`, { cause: error });
  }
};

/** A string is JSON text, or the bare name of a type. */
const jsonOf = (schema: AvroSchema): unknown =>
  typeof schema === "string" && /^\s*[[{"]/.test(schema) ? parseJson(schema) : schema;
