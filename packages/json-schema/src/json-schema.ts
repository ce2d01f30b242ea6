import type { Serde } from "@millrace/streams";
import { type RegisteredSchema, registrySerde, type RegistrySerdeOptions } from "@millrace/schema-registry";
import { JsonSchemaError } from "./json-schema-error.ts";
import { type Validate, validator } from "./validator.ts";

/** A JSON Schema, and the type of its values: named by hand. */
export type JsonSchema<T = unknown> = ({ readonly [keyword: string]: unknown } | boolean) & {
  readonly [valueOf]?: T;
};

declare const valueOf: unique symbol;

/** How `jsonSchema` reads and writes, and where its schemas are registered. */
export interface JsonSchemaOptions<T> extends RegistrySerdeOptions {
  /** What is registered, and what values are checked by. */
  readonly schema: JsonSchema<T>;
  /**
   * Which schema a record must fit to be read: `reader`, the serde's own, so that the value is what its type says;
   * `writer`, the one it was written with, as Confluent's deserializer does with `json.fail.invalid.schema`; or `none`, as
   * Confluent's does without. `reader` by default.
   */
  readonly readBy?: "reader" | "writer" | "none";
}

/**
 * JSON in Confluent's framing (magic 0, int32 schema id), checked by JSON Schema (drafts 7, 2019-09, 2020-12) when it is
 * written and when it is read. The schema is registered at start. Throws a JsonSchemaError, or a SchemaRegistryError, on
 * everything that is no value of it; null is a tombstone where the schema allows it, and an error elsewhere.
 */
export const jsonSchema = <T>(options: JsonSchemaOptions<T>): Serde<T> => {
  const { schema, readBy = "reader" } = options;
  const check = validator(schema, []);
  const name = `json-schema ${titleOf(schema)}`;
  return registrySerde<T>(
    {
      name,
      nullable: check(null) === undefined,
      schema: { schemaType: "JSON", schema: JSON.stringify(schema) },
      reader: (writer) => {
        const checked = readBy === "reader" ? check : readBy === "writer" ? writersCheck(writer) : undefined;
        return (source, start, end) => read(name, checked, source, start, end) as T;
      },
      write: (value, prefix) => written(name, check, value, prefix),
      error: (code, message, cause) => new JsonSchemaError(code, message, { cause }),
    },
    options,
  );
};

const read = (
  name: string,
  check: Validate | undefined,
  source: Buffer,
  start: number,
  end: number,
): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(source.toString("utf8", start, end));
  } catch (error) {
    throw new JsonSchemaError("MALFORMED", `${end - start} bytes that are no JSON, so no ${name}`, {
      cause: error,
    });
  }
  const problem = check?.(value);
  if (problem !== undefined)
    throw new JsonSchemaError("INVALID_VALUE", `JSON that is no ${name}: ${problem}`);
  return value;
};

const written = (name: string, check: Validate, value: unknown, prefix: number): Buffer => {
  const problem = check(value);
  if (problem !== undefined) throw new JsonSchemaError("DOES_NOT_FIT", `the value is no ${name}: ${problem}`);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new JsonSchemaError("DOES_NOT_FIT", `the value can't be written as JSON: ${String(error)}`, {
      cause: error,
    });
  }
  if (text === undefined)
    throw new JsonSchemaError(
      "DOES_NOT_FIT",
      `${typeof value} can't be written as JSON, so it is no ${name}`,
    );
  const out = Buffer.allocUnsafe(prefix + Buffer.byteLength(text));
  out.write(text, prefix);
  return out;
};

const writersCheck = ({ schemaType, schema, references }: RegisteredSchema): Validate => {
  if (schemaType !== "JSON")
    throw new JsonSchemaError(
      "INVALID_SCHEMA",
      `the record was written with a schema in ${schemaType}, not in JSON Schema`,
    );
  return validator(JSON.parse(schema), references);
};

const titleOf = (schema: unknown): string =>
  typeof schema === "object" && schema !== null && "title" in schema ? String(schema.title) : "value";
