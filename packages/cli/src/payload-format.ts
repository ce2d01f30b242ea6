import { isUtf8 } from "node:buffer";
import { avroJson } from "@millrace/operations";
import type { RegistrySettings } from "@millrace/service/settings";
import { bigint, bytes, double, int, json, type Serde, string } from "@millrace/streams";
import { jsonText } from "./json-text.ts";
import { usageError } from "./usage-error.ts";

/** How keys or values of a store are shown, and keys written from what a person types. */
export interface PayloadFormat {
  /** As JSON, on one line. Never rejects: what can't be read is told, with its bytes. */
  readonly read: (payload: Buffer) => Promise<string>;
  /** The bytes of `0x…`; any other text as this format writes it. Throws a MillraceError `USAGE`. */
  readonly write: (text: string) => Buffer;
}

/** BigInt and Number take nothing, and blanks, for 0. */
const digits = (text: string): string => {
  if (/^[+-]?\d+$/.test(text)) return text.replace("+", "");
  throw new TypeError("it must be a whole number");
};

const decimal = (text: string): number => {
  const value = Number(text);
  if (text.trim() === "" || (Number.isNaN(value) && text !== "NaN"))
    throw new TypeError("it must be a number");
  return value;
};

/** A format by a serde, which is given what `parse` makes of a text. */
const formatOf = <T>(serde: Serde<T>, parse: (text: string) => T): PayloadFormat => ({
  read: (payload) =>
    readable(payload, async () => {
      await serde.prepare?.(payload, 0, payload.length);
      return jsonText(serde.deserialize(payload, 0, payload.length));
    }),
  write: (text) => hexBytes(text) ?? written(serde, text, parse),
});

/** What a serde of a topology reads and writes: a text is itself where it takes strings, and otherwise JSON. */
export const serdeFormat = (serde: Serde<unknown>): PayloadFormat =>
  formatOf(serde, serde.name === "string" ? (text) => text : (text) => JSON.parse(text) as unknown);

const formats: ReadonlyMap<string, PayloadFormat> = new Map([
  ["string", formatOf(string(), (text) => text)],
  ["long", formatOf(bigint(), (text) => BigInt(digits(text)))],
  ["int", formatOf(int(), (text) => Number(digits(text)))],
  ["double", formatOf(double(), decimal)],
  ["json", serdeFormat(json())],
  ["hex", formatOf(bytes(), () => bytesWanted())],
]);

/** What `--key` and `--value` take. */
const formatNames: readonly string[] = ["auto", ...formats.keys(), "avro"];

/**
 * A format by its name. `auto` reads Avro where there is a registry and its framing, JSON objects and lists, and text, and
 * shows the bytes of all else. Throws a MillraceError `USAGE`.
 */
export const payloadFormat = (
  flag: string,
  name: string,
  registry: RegistrySettings | undefined,
): PayloadFormat => {
  const known = formats.get(name);
  if (known !== undefined) return known;
  if (!formatNames.includes(name))
    throw usageError(`${flag} is "${name}"; it must be one of ${formatNames.join(", ")}`);
  if (name === "avro" && registry === undefined)
    throw usageError(`${flag} is avro: give --registry URL, or set SCHEMA_REGISTRY_URL`);
  const avro = registry && avroJson(registry);
  return {
    read: (payload) =>
      readable(payload, async () => {
        const decoded = await avro?.(payload);
        if (decoded === undefined && name === "avro")
          throw new TypeError("it is not in the registry's framing");
        return decoded ?? guessed(payload);
      }),
    write: (text) => hexBytes(text) ?? (name === "avro" ? bytesWanted() : Buffer.from(text)),
  };
};

const written = <T>(serde: Serde<T>, text: string, parse: (text: string) => T): Buffer => {
  try {
    return Buffer.from(serde.serialize(parse(text)) ?? []);
  } catch (error) {
    throw usageError(
      `"${text}" is no key for ${serde.name}: ${error instanceof Error ? error.message : String(error)}; bytes are given ` +
        "as 0x…",
    );
  }
};

const bytesWanted = (): never => {
  throw usageError("such a key is given by its bytes, 0x…");
};

const readable = async (payload: Buffer, read: () => Promise<string>): Promise<string> => {
  try {
    return await read();
  } catch (error) {
    return jsonText({ unreadable: error instanceof Error ? error.message : String(error), bytes: payload });
  }
};

const guessed = (payload: Buffer): string => {
  const text = payload.toString("utf8");
  if (!isUtf8(payload) || /[^\P{Cc}\t\r\n]/u.test(text)) return jsonText(payload);
  if (/^\s*[[{]/.test(text))
    try {
      return jsonText(JSON.parse(text));
    } catch {
      // Text that only begins like JSON.
    }
  return JSON.stringify(text);
};

const hexBytes = (text: string): Buffer | undefined =>
  /^0x([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), "hex") : undefined;
