import type { Serde } from "../serde.ts";
import { readText } from "./read-text.ts";
import { nullPayload, unwritable } from "./serde-errors.ts";

const check = (value: unknown): void => {
  if (typeof value !== "string") throw unwritable("string", value, "a string");
};

/** Up to this length V8 writes ASCII faster than the way through C++ takes. */
const shortLength = 48;

const encode = (text: string): Buffer => {
  const { length } = text;
  if (length > shortLength) return Buffer.from(text, "utf8");
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) {
    const char = text.charCodeAt(at);
    if (char > 127) return Buffer.from(text, "utf8");
    bytes[at] = char;
  }
  return bytes;
};

const serde: Serde<string> = {
  name: "string",
  primitive: true,
  check,
  serialize: (value) => {
    check(value);
    return encode(value);
  },
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("string");
    return readText(source, start, end);
  },
};

/** UTF-8 text (Kafka Streams' `Serdes.String()`). Malformed UTF-8 reads as U+FFFD, as on the JVM. */
export const string = (): Serde<string> => serde;
