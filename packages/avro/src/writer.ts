import type { Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import { nameOf } from "./avro-type.ts";
import { messageOf } from "./message-of.ts";

/** Shared by all writers: encoding is synchronous, and its result is copied out before anyone else writes. */
let scratch = Buffer.allocUnsafe(4096);

/** Encodes behind `prefix` free bytes, copied once into a buffer of the right size. Throws DOES_NOT_FIT. */
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
    throw new AvroError("DOES_NOT_FIT", `the value is no ${nameOf(type)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
};
