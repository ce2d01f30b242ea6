import type { Cursor } from "./cursor.ts";

/*
 * Avro's ints and longs: zig-zag, seven bits a byte, the lowest first. `first` was read and has its continuation bit;
 * `position` is behind it. All leave the position behind the number in the cursor.
 */

/** The rest of an int, still zig-zag. */
export const intRest = (
  cursor: Cursor,
  bytes: Uint8Array,
  position: number,
  end: number,
  first: number,
): number => {
  let value = first & 127;
  for (let shift = 7; shift < 35; shift += 7) {
    if (position >= end) cursor.truncated();
    const byte = bytes[position++]!;
    if (shift === 28 && byte > 15) cursor.badInt();
    value |= (byte & 127) << shift;
    if (byte < 128) {
      cursor.position = position;
      return value;
    }
  }
  return cursor.badInt();
};

/** The rest of a long, as a number. Throws UNSAFE_LONG on one that no number is. */
export const longRest = (
  cursor: Cursor,
  bytes: Uint8Array,
  position: number,
  end: number,
  first: number,
): number => {
  const from = position;
  let low = first & 127;
  for (let shift = 7; shift < 28; shift += 7) {
    if (position >= end) cursor.truncated();
    const byte = bytes[position++]!;
    low |= (byte & 127) << shift;
    if (byte < 128) {
      cursor.position = position;
      return (low >>> 1) ^ -(low & 1);
    }
  }
  let high = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    if (position >= end) cursor.truncated();
    const byte = bytes[position++]!;
    high |= (byte & 127) << shift;
    if (byte < 128) {
      // The magnitude is below 2^55 here, and the bits of one below 2^53 are all kept.
      const magnitude = (low >>> 1) + high * 0x8000000;
      if (magnitude > Number.MAX_SAFE_INTEGER - (low & 1)) break;
      cursor.position = position;
      return (low & 1) === 0 ? magnitude : -magnitude - 1;
    }
  }
  const value = bigintRest(cursor, bytes, from, end, first);
  // Written with more bytes than needed: Java reads that, too.
  if (value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER) return Number(value);
  return cursor.unsafeLong(value);
};

/** The rest of a long, whole. */
export const bigintRest = (
  cursor: Cursor,
  bytes: Uint8Array,
  position: number,
  end: number,
  first: number,
): bigint => {
  let low = first & 127;
  let high = 0;
  for (let index = 1; index < 10; index++) {
    if (position >= end) cursor.truncated();
    const byte = bytes[position++]!;
    const bits = byte & 127;
    if (index < 4) low |= bits << (7 * index);
    else if (index === 4) {
      low |= (bits & 15) << 28;
      high = bits >>> 4;
    } else if (index < 9) high |= bits << (7 * index - 32);
    else {
      if (byte > 1) cursor.badLong();
      high |= byte << 31;
    }
    if (byte < 128) {
      cursor.position = position;
      const zigzag = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
      return (zigzag >> 1n) ^ -(zigzag & 1n);
    }
  }
  return cursor.badLong();
};

/** A long from its first byte on, as the nearest double: what a promotion to float or double asks for. */
export const longAsDouble = (cursor: Cursor, bytes: Uint8Array, position: number, end: number): number => {
  if (position >= end) cursor.truncated();
  const first = bytes[position++]!;
  if (first > 127) return Number(bigintRest(cursor, bytes, position, end, first));
  cursor.position = position;
  return (first >>> 1) ^ -(first & 1);
};

/** The position behind a long. */
export const skipLong = (cursor: Cursor, bytes: Uint8Array, position: number, end: number): number => {
  for (let length = 0; length < 10; length++) {
    if (position >= end) cursor.truncated();
    if (bytes[position++]! < 128) return position;
  }
  return cursor.badLong();
};
