/*
 * Write a value into `bytes` at `position` and answer the position behind it. What goes beyond the end of `bytes` is not
 * written but counted, so that the caller can begin again with enough room.
 */

export const writeInt = (bytes: Uint8Array, position: number, value: number): number => {
  let zigzag = (value << 1) ^ (value >> 31);
  while ((zigzag & ~127) !== 0) {
    bytes[position++] = (zigzag & 127) | 128;
    zigzag >>>= 7;
  }
  bytes[position++] = zigzag;
  return position;
};

/** A safe integer. */
export const writeLong = (bytes: Uint8Array, position: number, value: number): number => {
  if (value === (value | 0)) return writeInt(bytes, position, value);
  const sign = value < 0 ? 1 : 0;
  const magnitude = sign === 0 ? value : -(value + 1);
  bytes[position++] = ((magnitude % 64) << 1) | sign | 128;
  let rest = Math.floor(magnitude / 64);
  while (rest >= 0x80000000) {
    bytes[position++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest > 127) {
    bytes[position++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[position++] = rest;
  return position;
};

/** One of 64 bits. */
export const writeBigint = (bytes: Uint8Array, position: number, value: bigint): number => {
  let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  while (zigzag > 127n) {
    bytes[position++] = Number(zigzag & 127n) | 128;
    zigzag >>= 7n;
  }
  bytes[position++] = Number(zigzag);
  return position;
};

/** Up to this length V8 writes a string faster than the way through C++ takes; its length then takes one byte. */
const shortLength = 24;

/** -1 where UTF-8 has no bytes for it, because of half a surrogate pair. */
export const writeText = (bytes: Buffer, position: number, text: string): number => {
  const { length } = text;
  if (length <= shortLength) {
    let at = position + 1;
    for (let i = 0; i < length; i++) {
      const char = text.charCodeAt(i);
      if (char > 127) return writeLongText(bytes, position, text);
      bytes[at++] = char;
    }
    bytes[position] = length << 1;
    return at;
  }
  return writeLongText(bytes, position, text);
};

const writeLongText = (bytes: Buffer, position: number, text: string): number => {
  if (!text.isWellFormed()) return -1;
  const length = Buffer.byteLength(text, "utf8");
  const at = writeLong(bytes, position, length);
  if (at + length <= bytes.length) bytes.utf8Write(text, at, length);
  return at + length;
};

export const writeBytes = (bytes: Uint8Array, position: number, value: Uint8Array): number =>
  writeFixed(bytes, writeLong(bytes, position, value.length), value);

export const writeFixed = (bytes: Uint8Array, position: number, value: Uint8Array): number => {
  if (position + value.length <= bytes.length) bytes.set(value, position);
  return position + value.length;
};

const view = new DataView(new ArrayBuffer(8));

export const writeFloat = (bytes: Uint8Array, position: number, value: number): number => {
  view.setFloat32(0, value, true);
  for (let i = 0; i < 4; i++) bytes[position + i] = view.getUint8(i);
  return position + 4;
};

export const writeDouble = (bytes: Uint8Array, position: number, value: number): number => {
  view.setFloat64(0, value, true);
  for (let i = 0; i < 8; i++) bytes[position + i] = view.getUint8(i);
  return position + 8;
};
