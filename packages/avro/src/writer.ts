import type { Type } from "avsc";
import { messageOf } from "./message-of.ts";
import { AvroError } from "./avro-error.ts";

let scratch = Buffer.allocUnsafe(4096);

/** Encodes behind `prefix` free bytes, copied once into a buffer of the right size. Throws AVRO_INVALID. */
export const encode = (type: Type, value: unknown, prefix: number): Buffer => {
  try {
    let end = type.encode(value, scratch, prefix);
    if (end < 0) {
      scratch = Buffer.allocUnsafe(2 * (scratch.length - end));
      end = type.encode(value, scratch, prefix);
    }
    const out = Buffer.allocUnsafe(end);
    scratch.copy(out, prefix, prefix, end);
    return out;
  } catch (error) {
    throw new AvroError(
      "AVRO_INVALID",
      `${type.name ?? "the value"} does not fit its Avro schema: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
};
