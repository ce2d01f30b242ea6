import type { Serde } from "@millrace/streams";
import {
  type ReferencedSchema,
  type RegisteredSchema,
  registrySerde,
  type RegistrySerdeOptions,
  type SchemaReference,
} from "@millrace/schema-registry";
import type { Type } from "protobufjs";
import { messageFrom } from "./message-from.ts";
import { indexesBytes, readIndexes } from "./message-indexes.ts";
import { type Longs, plainMessage } from "./message-values.ts";
import { type ProtoFile, protoFile } from "./proto-file.ts";
import { ProtobufError } from "./protobuf-error.ts";

/** How `protobuf` reads and writes, and where its schemas are registered. */
export interface ProtobufOptions extends RegistrySerdeOptions {
  /** The text of a .proto file. */
  readonly schema: string;
  /** The message's full name; the file's first one unless given. */
  readonly message?: string;
  /** Files that this one imports, by the names that it imports them by; each after those that it imports itself. */
  readonly imports?: readonly (ReferencedSchema & SchemaReference)[];
  /** `number`: 64-bit integers beyond ±(2^53 - 1) are errors. `bigint`: all of them are bigints. `number` by default. */
  readonly longs?: Longs;
}

/**
 * A Protobuf message in Confluent's framing (magic 0, int32 schema id, the message's indexes in its file). Records are read
 * as the serde's own message, whatever version of it they were written with: fields that it does not know are skipped. The
 * schema is registered at start. Values are plain objects with camelCase fields; the package's README has a table of types.
 * Throws a ProtobufError, or a SchemaRegistryError, on everything else, null included.
 */
export const protobuf = <T>(options: ProtobufOptions): Serde<T> => {
  const { schema, imports = [], longs = "number" } = options;
  const file = protoFile(schema, imports);
  const message = messageIn(file, options.message);
  const type = file.root.lookupType(message.fullName);
  const prefix = indexesBytes(message.indexes);
  const name = `protobuf ${message.fullName}`;
  return registrySerde<T>(
    {
      name,
      schema: {
        schemaType: "PROTOBUF",
        schema,
        ...(imports.length > 0 && {
          references: imports.map((reference) => ({
            name: reference.name,
            subject: reference.subject,
            version: reference.version,
          })),
        }),
      },
      reader: (writer) => {
        const theirs = writersFile(writer);
        return (source, start, end) => {
          const { indexes, next } = readIndexes(source, start, end);
          check(theirs, indexes, message.fullName);
          return plainMessage(type, decoded(type, source.subarray(next, end), name), longs) as T;
        };
      },
      write: (value, free) => {
        const bytes = type.encode(messageFrom(type, value, message.fullName)).finish();
        const out = Buffer.allocUnsafe(free + prefix.length + bytes.length);
        out.set(prefix, free);
        out.set(bytes, free + prefix.length);
        return out;
      },
      error: (code, text, cause) => new ProtobufError(code, text, { cause }),
    },
    options,
  );
};

const messageIn = ({ messages }: ProtoFile, name: string | undefined): ProtoFile["messages"][number] => {
  const found = name === undefined ? messages[0] : messages.find(({ fullName }) => fullName === name);
  if (found !== undefined) return found;
  throw new ProtobufError(
    "INVALID_SCHEMA",
    name === undefined
      ? "the .proto file has no message"
      : `the .proto file has no message "${name}"; it has ${messages.map(({ fullName }) => fullName).join(", ")}`,
  );
};

const writersFile = ({ schemaType, schema, references }: RegisteredSchema): ProtoFile => {
  if (schemaType !== "PROTOBUF")
    throw new ProtobufError(
      "INVALID_SCHEMA",
      `the record was written with a schema in ${schemaType}, not in Protobuf`,
    );
  return protoFile(schema, references);
};

/** Throws OTHER_MESSAGE where the writer's file has another message by these indexes, or none. */
const check = ({ messages }: ProtoFile, indexes: readonly number[], expected: string): void => {
  const key = indexes.join();
  const found = messages.find((message) => message.indexes.join() === key)?.fullName;
  if (found !== expected)
    throw new ProtobufError(
      "OTHER_MESSAGE",
      `the record is ${found === undefined ? `message [${key}], which its schema does not have` : `a ${found}`}, expected ${expected}`,
    );
};

const decoded = (type: Type, bytes: Uint8Array, name: string): object => {
  try {
    return type.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProtobufError("MALFORMED", `${bytes.length} bytes that are no ${name}: ${reason}`, {
      cause: error,
    });
  }
};
