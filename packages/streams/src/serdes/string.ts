import type { Serde } from "../serde.ts";
import { nullPayload, unwritable } from "./serde-errors.ts";

const check = (value: unknown): void => {
  if (typeof value !== "string") throw unwritable("string", value, "a string");
};

const serde: Serde<string> = {
  name: "string",
  primitive: true,
  check,
  serialize: (value) => {
    check(value);
    return Buffer.from(value, "utf8");
  },
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("string");
    return source.toString("utf8", start, end);
  },
};

/** UTF-8 text (Kafka Streams' `Serdes.String()`). Malformed UTF-8 reads as U+FFFD, as on the JVM. */
export const string = (): Serde<string> => serde;
