import { readInt64, writeInt64 } from "./int64.ts";

/** Where a row stands among those of its key: by time, then by rank. */
export interface RowPlace {
  readonly time: number;
  readonly rank: number;
}

/** A row of which a key may have several. */
export interface KeyedRow extends RowPlace {
  readonly key: Uint8Array;
}

const rowMark = 0;
const indexMark = 1;
const afterIndex = Buffer.of(2);
const lengthAt = 1;
const keyAt = 5;
const placeLength = 16;

/** `0 | uint32 key length | key | int64 time | int64 rank`: the rows of one key are one range, in their order. */
export const keyedRowKey = ({ key, time, rank }: KeyedRow): Buffer => {
  const out = Buffer.allocUnsafe(keyAt + key.length + placeLength);
  out[0] = rowMark;
  out.writeUInt32BE(key.length, lengthAt);
  out.set(key, keyAt);
  writeInt64(out, keyAt + key.length, time);
  writeInt64(out, keyAt + key.length + 8, rank);
  return out;
};

/** The range of the rows of one key. */
export const keyedRowsOf = (key: Uint8Array): readonly [from: Buffer, to: Buffer] => {
  const from = Buffer.allocUnsafe(keyAt + key.length);
  from[0] = rowMark;
  from.writeUInt32BE(key.length, lengthAt);
  from.set(key, keyAt);
  // Times are not negative: their first byte is below this.
  return [from, Buffer.concat([from, Buffer.of(0x80)])];
};

/** Reads such a key. */
export const readKeyedRowKey = (bytes: Uint8Array): KeyedRow => {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const placeAt = source.length - placeLength;
  return {
    key: source.subarray(keyAt, placeAt),
    time: readInt64(source, placeAt),
    rank: readInt64(source, placeAt + 8),
  };
};

/** `1 | int64 time | int64 rank | key`, with no value: the rows of all keys by time. */
export const timeIndexKey = ({ key, time, rank }: KeyedRow): Buffer => {
  const out = Buffer.allocUnsafe(1 + placeLength + key.length);
  out[0] = indexMark;
  writeInt64(out, 1, time);
  writeInt64(out, 9, rank);
  out.set(key, 1 + placeLength);
  return out;
};

/** The range of the index for times in `[from, to]`. */
export const timeIndexRange = (from: number, to: number): readonly [from: Buffer, to: Buffer] => {
  const low = Buffer.allocUnsafe(9);
  low[0] = indexMark;
  writeInt64(low, 1, Math.max(0, from));
  if (to >= Number.MAX_SAFE_INTEGER) return [low, afterIndex];
  const high = Buffer.allocUnsafe(9);
  high[0] = indexMark;
  writeInt64(high, 1, Math.max(0, to + 1));
  return [low, high];
};

/** Reads such a key. */
export const readTimeIndexKey = (bytes: Uint8Array): KeyedRow => {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { key: source.subarray(1 + placeLength), time: readInt64(source, 1), rank: readInt64(source, 9) };
};
