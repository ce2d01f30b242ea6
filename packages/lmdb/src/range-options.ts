import type { RangeOptions } from "lmdb";

/** The same bytes, as LMDB takes them. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** The rows in `[from, to)`, in the order of their keys or backwards, as LMDB is asked for them; undefined is no bound. */
export const rangeOptions = (
  from: Uint8Array | undefined,
  to: Uint8Array | undefined,
  reverse: boolean,
): RangeOptions => {
  const low = from && asBuffer(from);
  const high = to && asBuffer(to);
  return reverse
    ? {
        ...(low && { end: low, inclusiveEnd: true }),
        ...(high && { start: high, exclusiveStart: true }),
        reverse,
      }
    : { ...(low && { start: low }), ...(high && { end: high }), reverse };
};
