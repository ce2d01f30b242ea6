import { MillraceError, type Serde } from "@millrace/streams";
import { framingProblem, framing, type FramingProblem, schemaIdAt, writeFraming } from "./framing.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import type { RegisteredSchema, SchemaSource } from "./schema-text.ts";

/** What every serde over a registry is asked for. */
export interface RegistrySerdeOptions {
  readonly registry: SchemaRegistry;
  /** `<topic>-key` or `<topic>-value` unless given. */
  readonly subject?: string;
  /**
   * Whether `start` registers the schema, for sources too: then both sides of a topic find out early that they
   * disagree. True by default. False: a sink looks its id up and fails if it was never registered; a source asks nothing.
   */
  readonly register?: boolean;
}

/** How one language reads and writes what stands behind the framing. */
export interface PayloadCodec<T> {
  /** Of the serde, for messages. */
  readonly name: string;
  /** Whether null is a value of the schema: it is then a tombstone, both ways, and elsewhere an error. */
  readonly nullable?: boolean;
  /** What is registered, and written. */
  readonly schema: SchemaSource;
  /** A reader of what was written with another schema: asked for once per id. May throw, and what it gives may, too. */
  readonly reader: (writer: RegisteredSchema) => (source: Buffer, start: number, end: number) => T;
  /** The bytes, behind so many free ones. Throws what is the value's fault as a MillraceError. */
  readonly write: {
    (value: T, prefix: number): Buffer;
    /** See `Serialize`: left out where it would save nothing. */
    readonly into?: (value: T, target: Buffer, at: number) => number;
  };
  /** The language's own error. */
  readonly error: (
    code: FramingProblem["code"] | "NOT_READY" | "MALFORMED" | "DOES_NOT_FIT",
    message: string,
    cause?: unknown,
  ) => MillraceError;
}

/**
 * A serde in Confluent's framing (magic 0, int32 schema id): registered at start, then writing without waiting, and
 * reading without waiting once `prepare` has met the record's schema id. Throws MillraceErrors, and nothing else.
 */
export const registrySerde = <T>(codec: PayloadCodec<T>, options: RegistrySerdeOptions): Serde<T> => {
  const { name, nullable = false } = codec;
  const { registry, subject, register = true } = options;
  const readers = new Map<number, (source: Buffer, start: number, end: number) => T>();
  let ownId: number | undefined;
  // Records of one topic mostly have one schema: the last one is compared before anything is looked up.
  let lastId: number | undefined;
  let read: ((source: Buffer, start: number, end: number) => T) | undefined;

  const readerOf = (id: number): ((source: Buffer, start: number, end: number) => T) => {
    let found = readers.get(id);
    if (found === undefined) {
      const writer = registry.writerSchema(id);
      try {
        found = codec.reader(writer);
      } catch (error) {
        // What a schema is does not change: the next record of it need not find out again.
        found = () => {
          throw error;
        };
      }
      readers.set(id, found);
    }
    return found;
  };
  // Whatever a library or a getter of the value threw.
  const ours = (code: "MALFORMED" | "DOES_NOT_FIT", error: unknown): unknown =>
    error instanceof MillraceError ? error : codec.error(code, `no ${name}: ${messageOf(error)}`, error);

  const idToWrite = (): number => {
    if (ownId === undefined)
      throw codec.error(
        "NOT_READY",
        `${name} has no schema id yet: await its start() before writing, or that of the TestDriver or application it is in`,
      );
    return ownId;
  };
  const alone = (value: T): Buffer | null => {
    const id = idToWrite();
    if (value === null && nullable) return null;
    try {
      return writeFraming(codec.write(value, framing), id);
    } catch (error) {
      throw ours("DOES_NOT_FIT", error);
    }
  };
  const { into } = codec.write;
  const writeInto =
    into &&
    ((value: T, target: Buffer, at: number): number => {
      const id = idToWrite();
      if (value === null && nullable) return -1;
      try {
        const end = into(value, target, at + framing);
        if (end <= target.length) writeFraming(target, id, at);
        return end;
      } catch (error) {
        throw ours("DOES_NOT_FIT", error);
      }
    });

  return {
    name,
    start: async ({ topic, part, use }) => {
      const of = subject ?? `${topic}-${part}`;
      if (register) ownId = await registry.register(of, codec.schema);
      else if (use !== "source") ownId = await registry.lookup(of, codec.schema);
    },
    serialize: Object.assign(alone, { into: writeInto }),
    prepare: (source, start, end) => {
      const id = schemaIdAt(source, start, end);
      return id === lastId || id < 0 ? undefined : registry.fetchSchema(id);
    },
    deserialize: (source, start, end) => {
      const id = schemaIdAt(source, start, end);
      try {
        if (read === undefined || id !== lastId) {
          if (id < 0) {
            if (start < 0 && nullable) return null as T;
            const { code, message } = framingProblem(name, source, start, end);
            throw codec.error(code, message);
          }
          read = readerOf(id);
          lastId = id;
        }
        return read(source, start + framing, end);
      } catch (error) {
        throw ours("MALFORMED", error);
      }
    },
  };
};

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : "not even an error was thrown";
