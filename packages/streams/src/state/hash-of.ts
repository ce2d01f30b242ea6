import { mixWord } from "../mix-word.ts";

/** A hash of the bytes in `[start, end)`: int32. */
export const hashOf = (view: DataView, start: number, end: number): number => {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixWord(hash, view.getInt32(at, true));
  let tail = 0;
  for (; at < end; at++) tail = (tail << 8) | view.getUint8(at);
  return mixWord(hash, tail);
};
