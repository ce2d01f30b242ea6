import { messageOf } from "../errors.ts";
import type { Serde } from "../serde.ts";
import { unreadable, unwritable } from "./serde-errors.ts";

/** One serde per parse function: equal ones are the same. */
const checked = new WeakMap<(value: unknown) => unknown, Serde<unknown>>();

/**
 * JSON as UTF-8; null is a tombstone, both ways, so where a topic may have some, say `json<T | null>()`. `parse` checks
 * what was read, null too, and gives it its type; without it the type is only claimed. Malformed JSON is a
 * `DESERIALIZATION`; what JSON can't hold, anywhere in the value, a `SERIALIZATION`. Properties that are undefined are left
 * out.
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
  // The same further down: what it would say of them, few values have.
  if (text.includes("null") || text.includes("{}")) {
    const place = lostIn(value);
    if (place !== undefined)
      throw unwritable("json", value, `what JSON can hold, and what is at ${place} it can't`);
  }
  return Buffer.from(text, "utf8");
};

/** Where in a value that could be written is what would not be read again; undefined where there is nothing. */
const lostIn = (given: unknown): string | undefined => {
  if (typeof given === "number") return Number.isFinite(given) ? undefined : "";
  if (typeof given !== "object" || given === null) return undefined;
  const value = hasOwnForm(given) ? given.toJSON("") : given;
  if (value === null) return "";
  if (typeof value !== "object") return value === given ? undefined : lostIn(value);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const item: unknown = value[at];
      const lost = isLeftOut(item) ? "" : lostIn(item);
      if (lost !== undefined) return `[${at}]${lost}`;
    }
    return undefined;
  }
  const names = Object.keys(value);
  if (names.length === 0) return isPlain(value) ? undefined : "";
  for (const name of names) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    const lost = typeof item === "string" ? undefined : lostIn(item);
    if (lost !== undefined) return `.${name}${lost}`;
  }
  return undefined;
};

/** As a property it is left out, but in an array null stands for it. */
const isLeftOut = (item: unknown): boolean =>
  item === undefined || typeof item === "function" || typeof item === "symbol";

const hasOwnForm = (value: object): value is { toJSON(key: string): unknown } =>
  "toJSON" in value && typeof value.toJSON === "function";

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
