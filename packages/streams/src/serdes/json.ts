import type { Serde } from "../serde.ts";
import { nullPayload } from "./null-payload.ts";

/**
 * JSON as UTF-8. `parse` checks what was read and gives it its type; without it the type is only claimed.
 * Throws on malformed JSON.
 */
export const json = <T>(parse?: (value: unknown) => T): Serde<T> => ({
  name: "json",
  serialize: (value) => {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`${typeof value} can't be written as JSON`);
    return Buffer.from(text, "utf8");
  },
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("json");
    const value: unknown = JSON.parse(source.toString("utf8", start, end));
    return parse === undefined ? (value as T) : parse(value);
  },
});
