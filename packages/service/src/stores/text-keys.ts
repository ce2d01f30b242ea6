import { isDeepStrictEqual } from "node:util";
import type { Serde } from "@millrace/streams";

/**
 * The keys that a text can stand for with this serde, the most likely first: what the text says as JSON, the text itself, a
 * bigint, text in quotes. Only what the serde writes and reads back as it was. Empty: it is no key of this store.
 */
export const textKeys = <K>(serde: Serde<K>, text: string): readonly K[] => {
  const parsed = parse(text);
  const quoted = typeof parsed === "string";
  const candidates = [
    ...(parsed === undefined || quoted ? [] : [parsed]),
    text,
    ...(/^-?\d+$/.test(text) ? [BigInt(text)] : []),
    ...(quoted ? [parsed] : []),
  ];
  return candidates.filter((candidate): candidate is K & typeof candidate => isKeyOf(serde, candidate as K));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Most keys are no JSON.
    return undefined;
  }
};

const isKeyOf = <K>(serde: Serde<K>, candidate: K): boolean => {
  try {
    const bytes = serde.serialize(candidate);
    if (bytes === null) return false;
    const read = serde.deserialize(Buffer.from(bytes), 0, bytes.length);
    return isDeepStrictEqual(read, candidate);
  } catch {
    // A serde refuses what is no key of its own.
    return false;
  }
};
