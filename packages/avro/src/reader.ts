import type { Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import { messageOf } from "./message-of.ts";

/** avsc's resolver from a writer's schema to a reader's; its shape is its own business. */
export type Resolver = ReturnType<Type["createResolver"]>;

/** Reads `source[start, end)`, and all of it. Throws AVRO_TRUNCATED, AVRO_TRAILING_BYTES or AVRO_INVALID. */
export const decode = (
  type: Type,
  resolver: Resolver | undefined,
  source: Buffer,
  start: number,
  end: number,
): unknown => {
  let read: { readonly value: unknown; readonly offset: number };
  try {
    read = type.decode(source, start, resolver);
  } catch (error) {
    throw new AvroError(
      "AVRO_INVALID",
      `bytes that are no ${type.name ?? "value"} in Avro: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
  if (read.offset === end) return read.value;
  if (read.offset < 0 || read.offset > end)
    throw new AvroError(
      "AVRO_TRUNCATED",
      `${type.name ?? "a value"} in Avro is cut off: ${end - start} bytes are too few`,
    );
  throw new AvroError(
    "AVRO_TRAILING_BYTES",
    `${end - read.offset} bytes follow ${type.name ?? "a value"} in Avro`,
  );
};
