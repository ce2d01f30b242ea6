import type { Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import { nameOf } from "./avro-type.ts";
import { type ValueCheck, intRange } from "./int-range.ts";
import { messageOf } from "./message-of.ts";

/** avsc's resolver from a writer's schema to a reader's; its shape is its own business. */
type Resolver = ReturnType<Type["createResolver"]>;

/** Reads `source[start, end)`, and all of it. Throws TRUNCATED, TRAILING_BYTES or MALFORMED. */
export type Read<T> = (source: Buffer, start: number, end: number) => T;

/** A reader of what `writer` wrote, as `type`. Throws INCOMPATIBLE_SCHEMA. */
export const reader = <T>(type: Type, writer: Type): Read<T> => {
  const name = nameOf(type);
  const resolver = writer === type || type.equals(writer) ? undefined : resolve(type, writer);
  const check = intRange(type);
  return (source, start, end) => {
    const { value, offset } = decode(type, resolver, check, source, start, end);
    if (offset === end) return value as T;
    // avsc does not stop at `end` but at the end of the whole buffer, where it answers -1
    if (offset < 0 || offset > end)
      throw new AvroError("TRUNCATED", `${name} is cut off: ${end - start} bytes of Avro are too few`);
    throw new AvroError(
      "TRAILING_BYTES",
      `${end - offset} more bytes follow the ${offset - start} of ${name}`,
    );
  };
};

const resolve = (type: Type, writer: Type): Resolver => {
  try {
    return type.createResolver(writer);
  } catch (error) {
    throw new AvroError(
      "INCOMPATIBLE_SCHEMA",
      `what was written as ${nameOf(writer)} can't be read as ${nameOf(type)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
};

const decode = (
  type: Type,
  resolver: Resolver | undefined,
  check: ValueCheck | undefined,
  source: Buffer,
  start: number,
  end: number,
): { readonly value: unknown; readonly offset: number } => {
  try {
    const read = type.decode(source, start, resolver);
    if (check !== undefined && read.offset === end) check(read.value);
    return read;
  } catch (error) {
    throw new AvroError(
      "MALFORMED",
      `${end - start} bytes that are no ${nameOf(type)} in Avro: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
};
