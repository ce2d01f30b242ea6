import { isUtf8 } from "node:buffer";
import { bytes } from "../serdes/bytes.ts";
import { bigint, int, long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";

/** Whether the bytes in `[start, end)` are those that the serde writes for the key that it reads there. */
type IsCanonical = (source: Uint8Array, start: number, end: number) => boolean;

const ofLength =
  (length: number): IsCanonical =>
  (_source, start, end) =>
    end - start === length;

const isText: IsCanonical = (source, start, end) => {
  for (let at = start; at < end; at++)
    if ((source[at] as number) > 0x7f) return isUtf8(source.subarray(start, end));
  return true;
};

const known = new Map<unknown, IsCanonical>([
  [string(), isText],
  [bytes(), () => true],
  [int(), ofLength(4)],
  [long(), ofLength(8)],
  [bigint(), ofLength(8)],
]);

/**
 * Undefined for serdes that may read one key from different bytes, or of which that is not known: rows can't be found by
 * their keys' bytes then.
 */
export const canonicalKeys = (serde: unknown): IsCanonical | undefined => known.get(serde);
