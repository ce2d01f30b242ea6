import { messageOf } from "../errors.ts";
import type { Serde } from "../serde.ts";
import { unreadable, unwritable } from "./serde-errors.ts";

/** One serde per parse function: equal ones are the same. */
const checked = new WeakMap<(value: unknown) => unknown, Serde<unknown>>();

/**
 * JSON as UTF-8; null is a tombstone, both ways, so where a topic may have some, say `json<T | null>()`. `parse` checks
 * what was read, null too, and gives it its type; without it the type is only claimed. Malformed JSON is a
 * `DESERIALIZATION`, what JSON can't hold a `SERIALIZATION`.
 */
export const json = <T>(parse?: (value: unknown) => T): Serde<T> => {
  if (parse === undefined) return unchecked as Serde<T>;
  const known = checked.get(parse) as Serde<T> | undefined;
  if (known !== undefined) return known;
  const serde: Serde<T> = {
    name: "json",
    check,
    serialize,
    deserialize: (source, start, end) => parse(deserialize(source, start, end)),
  };
  checked.set(parse, serde as Serde<unknown>);
  return serde;
};

const check = (value: unknown): void => {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value)))
    throw unwritable("json", value, "what JSON can hold");
};

const serialize = (value: unknown): Uint8Array | null => {
  if (value === null) return null;
  let text: string | undefined;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (error) {
    throw unwritable("json", value, `what JSON can hold (${messageOf(error)})`, error);
  }
  if (text === undefined) throw unwritable("json", value, "what JSON can hold");
  // NaN, a Date of it: as null it would be read back as something else, or as a deletion.
  if (text === "null") throw unwritable("json", value, "what JSON can hold, and no null but itself");
  // A Map, a Set, a promise: all that they hold would be gone.
  if (text === "{}" && !isPlain(value))
    throw unwritable("json", value, "objects and arrays by their properties");
  return Buffer.from(text, "utf8");
};

/** Whether an object without properties is nothing more than that. */
const isPlain = (value: unknown): boolean => !hidden.some((kind) => value instanceof kind);

const hidden = [Map, Set, WeakMap, WeakSet, Promise, Error, RegExp];

const deserialize = (source: Buffer, start: number, end: number): unknown => {
  if (start < 0) return null;
  try {
    return JSON.parse(source.toString("utf8", start, end)) as unknown;
  } catch (error) {
    throw unreadable("json", messageOf(error), error);
  }
};

const unchecked: Serde<unknown> = { name: "json", check, serialize, deserialize };
