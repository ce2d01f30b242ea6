import type { Serde } from "@millrace/streams";
import { registrySerde, type RegistrySerdeOptions } from "@millrace/schema-registry";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { compileReader } from "./codec/compile-reader.ts";
import { compileWriter } from "./codec/compile-writer.ts";
import { defaultForm, type ValueForm } from "./codec/value-form.ts";
import { projection } from "./projection.ts";
import { nameOf, type SchemaNode } from "./schema/schema-node.ts";
import { parseSchema } from "./schema/parse-schema.ts";
import { writerNode } from "./writer-node.ts";

/** How `avro` reads and writes, and where its schemas are registered. */
export interface AvroOptions<T> extends RegistrySerdeOptions, Partial<ValueForm> {
  /** What is written, and what records are read as, whatever schema they were written with. */
  readonly schema: AvroSchema<T>;
}

/** `AvroOptions` of a serde that reads some fields of a record. */
export interface AvroProjection<T, Field extends keyof T> extends AvroOptions<T> {
  /** Reads only these fields, and skips the others' bytes: several times as fast for a few of many. */
  readonly fields: readonly Field[];
}

/**
 * Avro in Confluent's framing (magic 0, int32 schema id). Each record is read from the schema it was written with as the
 * reader's, by the rules of Avro's Java library, so that only a record which uses what the reader does not know is an
 * error. Values are plain objects; the package's README has a table of types. The schema is registered at start; then it
 * writes without waiting, and reads without waiting once `prepare` has met the record's schema id. Throws an AvroError, or
 * a SchemaRegistryError, on everything else, null included, unless it is a value of the schema: then it
 * is a tombstone, as it is in `nullable(avro(...))`.
 *
 * On an internal topic (`use` changelog or repartition) it registers that topic's own subject, as on the JVM;
 * `avroBinary` does without.
 */
export function avro<T, Field extends keyof T>(options: AvroProjection<T, Field>): Serde<Pick<T, Field>>;
export function avro<T>(options: AvroOptions<T>): Serde<T>;
export function avro<T>(options: AvroOptions<T> & { readonly fields?: readonly (keyof T)[] }): Serde<T> {
  const { schema, fields } = options;
  const form = formOf(options);
  const whole = parseSchema(schema);
  const node = fields === undefined ? whole : projection(whole, fields.map(String));
  const name = `avro ${nameOf(node)}`;
  const write =
    fields === undefined
      ? compileWriter(node, form)
      : () => {
          throw new AvroError("NOT_READY", `${name} reads ${fields.join(", ")} only: it can't write`);
        };
  const serde = registrySerde<T>(
    {
      name,
      nullable: admitsNull(node),
      schema,
      reader: (writer) => compileReader<T>(writerNode(writer), node, form),
      write,
      error: (code, message, cause) => new AvroError(code, message, { cause }),
    },
    options,
  );
  return fields === undefined ? serde : { ...serde, serialize: (value) => write(value, 0) };
}

/** Whether null is a value of the schema. */
export const admitsNull = (node: SchemaNode): boolean =>
  node.kind === "null" || (node.kind === "union" && node.branches.some(({ kind }) => kind === "null"));

/** The choices that were made, and the defaults of those that were not. */
export const formOf = ({
  longs = defaultForm.longs,
  decimals = defaultForm.decimals,
}: Partial<ValueForm>): ValueForm => ({ longs, decimals });
