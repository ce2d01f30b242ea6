import type { Serde, SerdeRole } from "@millrace/streams";
import avsc, { type Schema } from "avsc";
import { AvroError } from "./avro-error.ts";
import { decode, type Resolver } from "./reader.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import { encode } from "./writer.ts";

export interface AvroOptions {
  readonly registry: SchemaRegistry;
  /** What is written, and what records are read as, whatever schema they were written with. */
  readonly schema: Schema;
  /** `<topic>-key` or `<topic>-value` unless given. */
  readonly subject?: string;
  /** False: a source only reads; its producers register the schema. True by default, so that both sides agree early. */
  readonly registerSource?: boolean;
}

const framing = 5;

/**
 * Avro in Confluent's framing (magic 0, int32 schema id), with the reader's schema projected onto what was written.
 * Long timestamps are numbers, ms since the epoch. Registers its schema at start; reads and writes without waiting.
 */
export const avro = <T>({ registry, schema, subject, registerSource = true }: AvroOptions): Serde<T> => {
  const type = avsc.Type.forSchema(schema);
  const name = `avro ${type.name ?? "value"}`;
  const resolvers = new Map<number, Resolver>();
  let ownId: number | undefined;
  let lastId = -1;
  let lastResolver: Resolver | undefined;

  const idOf = (source: Buffer, start: number, end: number): number => {
    if (start < 0) throw new AvroError("AVRO_NULL", `null where ${name} is expected`);
    if (end - start < framing)
      throw new AvroError("AVRO_TRUNCATED", `${end - start} bytes are too few for a schema id`);
    if (source[start] !== 0)
      throw new AvroError(
        "AVRO_MAGIC",
        `the first byte is ${source[start]}, not 0: not written with a schema registry`,
      );
    return source.readInt32BE(start + 1);
  };

  const resolver = (id: number): Resolver => {
    const known = resolvers.get(id);
    if (known !== undefined) return known;
    const writer = registry.writer(id);
    if (writer === undefined)
      throw new AvroError("AVRO_UNKNOWN_SCHEMA_ID", `the registry knows no schema with id ${id}`);
    let made: Resolver;
    try {
      made = type.createResolver(writer);
    } catch (error) {
      throw new AvroError(
        "AVRO_INCOMPATIBLE",
        `schema ${id} (${writer.name}) can't be read as ${type.name}`,
        {
          cause: error,
        },
      );
    }
    resolvers.set(id, made);
    return made;
  };

  return {
    name,
    start: async ({ topic, part, use }: SerdeRole) => {
      if (use === "source" && !registerSource) return;
      ownId = await registry.register(subject ?? `${topic}-${part}`, schema);
    },
    serialize: (value) => {
      if (ownId === undefined)
        throw new AvroError(
          "AVRO_NOT_REGISTERED",
          `${name} has no schema id yet: its start() was not awaited`,
        );
      const out = encode(type, value, framing);
      out[0] = 0;
      out.writeInt32BE(ownId, 1);
      return out;
    },
    prepare: (source, start, end) => {
      if (start < 0 || end - start < framing || source[start] !== 0) return undefined;
      const id = source.readInt32BE(start + 1);
      return id === lastId ? undefined : registry.prepare(id);
    },
    deserialize: (source, start, end) => {
      const id = idOf(source, start, end);
      if (id !== lastId) {
        lastResolver = resolver(id);
        lastId = id;
      }
      return decode(type, lastResolver, source, start + framing, end) as T;
    },
  };
};
