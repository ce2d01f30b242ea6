import type { Serde } from "../serde.ts";
import { nullPayload } from "./null-payload.ts";

const serde: Serde<string> = {
  name: "string",
  primitive: true,
  check: (value) => {
    if (typeof value !== "string") throw new TypeError(`${String(value)} is not a string`);
  },
  serialize: (value) => Buffer.from(value, "utf8"),
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("string");
    return source.toString("utf8", start, end);
  },
};

/** UTF-8 text (Kafka Streams' `Serdes.String()`). Malformed UTF-8 reads as U+FFFD, as on the JVM. */
export const string = (): Serde<string> => serde;
