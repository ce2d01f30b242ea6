import type { PayloadFormat } from "./payload-format.ts";
import { usageError } from "./usage-error.ts";

/** What a person says of the keys that are wanted; all where nothing is said. */
export interface KeyOptions {
  /** One key. */
  readonly key?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly prefix?: string | undefined;
}

/**
 * Tells keys that are wanted by their bytes: those of one key, those in `[from, to)`, or those that begin with a prefix, which
 * is a text or bytes, `0x…`. Throws a MillraceError `USAGE`.
 */
export const keyChoice = (
  { key, from, to, prefix }: KeyOptions,
  format: PayloadFormat,
): ((key: Buffer) => boolean) => {
  if (prefix !== undefined && (from !== undefined || to !== undefined))
    throw usageError("give --prefix, or --from and --to");
  if (key !== undefined) {
    const wanted = format.write(key);
    return (found) => found.equals(wanted);
  }
  if (prefix !== undefined) {
    const begin = /^0x/i.test(prefix) ? format.write(prefix) : Buffer.from(prefix);
    return (found) => found.subarray(0, begin.length).equals(begin);
  }
  const low = from === undefined ? undefined : format.write(from);
  const high = to === undefined ? undefined : format.write(to);
  return (found) =>
    (low === undefined || found.compare(low) >= 0) && (high === undefined || found.compare(high) < 0);
};
