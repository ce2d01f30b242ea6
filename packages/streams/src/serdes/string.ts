import type { Serde } from "../serde.ts";
import { readText } from "./read-text.ts";
import { nullPayload, unwritable } from "./serde-errors.ts";

const checkType = (value: unknown): void => {
  if (typeof value !== "string") throw unwritable("string", value, "a string");
};

/** As U+FFFD half a surrogate pair would be read back as something else, and keys that differ in it alone be one. */
const checkWhole = (text: string): void => {
  if (!text.isWellFormed()) throw unwritable("string", text, "text without half a surrogate pair");
};

/** Up to this length V8 writes ASCII faster than the way through C++ takes. */
const shortLength = 48;

/** What does not fit is not written, but its length told, or more. Short ASCII is seen to be whole on the way. */
const encodeInto = (text: string, target: Buffer, at: number): number => {
  const { length } = text;
  if (length <= shortLength) {
    const end = at + length;
    if (end > target.length) return end;
    let n = 0;
    for (; n < length; n++) {
      const char = text.charCodeAt(n);
      if (char > 127) break;
      target[at + n] = char;
    }
    if (n === length) return end;
  }
  checkWhole(text);
  const end = at + Buffer.byteLength(text, "utf8");
  if (end <= target.length) target.utf8Write(text, at, end - at);
  return end;
};

const encode = (text: string): Buffer => {
  const { length } = text;
  if (length > shortLength) {
    checkWhole(text);
    return Buffer.from(text, "utf8");
  }
  const bytes = Buffer.allocUnsafe(length);
  return encodeInto(text, bytes, 0) === length ? bytes : Buffer.from(text, "utf8");
};

const serde: Serde<string> = {
  name: "string",
  primitive: true,
  check: (value) => {
    checkType(value);
    checkWhole(value);
  },
  serialize: Object.assign(
    (value: string) => {
      checkType(value);
      return encode(value);
    },
    {
      into: (value: string, target: Buffer, at: number) => {
        checkType(value);
        return encodeInto(value, target, at);
      },
    },
  ),
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("string");
    return readText(source, start, end);
  },
};

declare global {
  interface Buffer {
    /** What `write(text, offset, length, "utf8")` calls, without its checks. */
    utf8Write(text: string, offset: number, length: number): number;
  }
}

/**
 * UTF-8 text (Kafka Streams' `Serdes.String()`). Malformed UTF-8 reads as U+FFFD, as on the JVM; text with half a surrogate
 * pair, as where an emoji was cut in two, is a `SERIALIZATION`: it has no bytes in UTF-8.
 */
export const string = (): Serde<string> => serde;
