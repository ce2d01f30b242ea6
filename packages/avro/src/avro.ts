import type { Serde } from "@millrace/streams";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { avroType, nameOf } from "./avro-type.ts";
import { framing, schemaIdAt, writeFraming } from "./framing.ts";
import { projection } from "./projection.ts";
import { type Read, reader } from "./reader.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import { encode } from "./writer.ts";

export interface AvroOptions<T> {
  readonly registry: SchemaRegistry;
  /** What is written, and what records are read as, whatever schema they were written with. */
  readonly schema: AvroSchema<T>;
  /** `<topic>-key` or `<topic>-value` unless given. */
  readonly subject?: string;
  /**
   * Whether `start` registers the schema, for sources too: then both sides of a topic find out early that they
   * disagree. True by default. False: a sink looks its id up and fails if it was never registered; a source asks nothing.
   */
  readonly register?: boolean;
}

export interface AvroProjection<T, Field extends keyof T> extends AvroOptions<T> {
  /** Reads only these fields, and skips the others' bytes: about twice as fast for a few of many. */
  readonly fields: readonly Field[];
}

/**
 * Avro in Confluent's framing (magic 0, int32 schema id), with the reader's schema projected onto what was written.
 * Values are plain objects; longs are numbers from -2^52 to 2^53 - 2, timestamps in ms since the epoch; a union of null and X is null or an X. Its
 * schema is registered at start; then it writes without waiting, and reads without waiting once `prepare` has met the
 * record's schema id. Throws an AvroError on everything else, null included.
 *
 * On an internal topic (`use` changelog or repartition) it registers that topic's own subject, as on the JVM;
 * `avroBinary` does without.
 */
export function avro<T, Field extends keyof T>(options: AvroProjection<T, Field>): Serde<Pick<T, Field>>;
export function avro<T>(options: AvroOptions<T>): Serde<T>;
export function avro<T>(options: AvroOptions<T> & { readonly fields?: readonly (keyof T)[] }): Serde<T> {
  const { registry, schema, subject, register = true, fields } = options;
  const type = avroType(fields === undefined ? schema : projection(schema, fields.map(String)));
  const name = `avro ${nameOf(type)}`;
  const readers = new Map<number, Read<T>>();
  let ownId: number | undefined;
  // Records of one topic mostly have one schema: the last one is compared before anything is looked up.
  let lastId: number | undefined;
  let read: Read<T> | undefined;

  const readerOf = (id: number): Read<T> => {
    let found = readers.get(id);
    if (found === undefined) {
      found = reader<T>(type, registry.writerSchema(id));
      readers.set(id, found);
    }
    return found;
  };

  return {
    name,
    start: async ({ topic, part, use }) => {
      const of = subject ?? `${topic}-${part}`;
      if (register) ownId = await registry.register(of, schema);
      else if (use !== "source") ownId = await registry.lookup(of, schema);
    },
    serialize: (value) => {
      if (fields !== undefined)
        throw new AvroError("NOT_READY", `${name} reads ${fields.join(", ")} only: it can't write`);
      if (ownId === undefined)
        throw new AvroError("NOT_READY", `${name} has no schema id yet: await its start() before writing`);
      return writeFraming(encode(type, value, framing), ownId);
    },
    prepare: (source, start, end) => {
      const id = schemaIdAt(source, start, end);
      return id === lastId || id < 0 ? undefined : registry.fetchSchema(id);
    },
    deserialize: (source, start, end) => {
      const id = schemaIdAt(source, start, end);
      if (read === undefined || id !== lastId) {
        if (id < 0) throw unreadable(name, source, start, end);
        read = readerOf(id);
        lastId = id;
      }
      return read(source, start + framing, end);
    },
  };
}

const unreadable = (name: string, source: Buffer, start: number, end: number): AvroError => {
  if (start < 0) return new AvroError("NULL_PAYLOAD", `null where ${name} is expected`);
  const length = end - start;
  if (length > 0 && source[start] !== 0)
    return new AvroError(
      "WRONG_MAGIC",
      `the first of ${length} bytes is ${source[start]}, not 0: not written with a schema registry, so not ${name}`,
    );
  if (length < framing)
    return new AvroError(
      "TRUNCATED",
      `${length} bytes are too few for the schema id that ${name} begins with`,
    );
  const id = source.readInt32BE(start + 1);
  return new AvroError("UNKNOWN_SCHEMA_ID", `no registry gives out schema id ${id}, so this is not ${name}`);
};
