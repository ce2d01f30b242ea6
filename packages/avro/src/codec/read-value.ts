import type { Cursor } from "./cursor.ts";

/** Up to this length V8 makes a string faster than the way through C++ takes. */
const shortLength = 16;

/** The `length` bytes of UTF-8 at `position`; what is not valid becomes U+FFFD, as in Java. */
export const readText = (bytes: Buffer, position: number, length: number): string => {
  const end = position + length;
  if (length > shortLength) return bytes.utf8Slice(position, end);
  let text = "";
  let at = position;
  for (; at + 4 <= end; at += 4) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    if ((a | b | c | d) > 127) return bytes.utf8Slice(position, end);
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 127) return bytes.utf8Slice(position, end);
    text += String.fromCharCode(byte);
  }
  return text;
};

/** A copy: the batch that the bytes came in is not kept. */
export const readBytes = (bytes: Buffer, position: number, length: number): Buffer => {
  const copy = Buffer.allocUnsafe(length);
  bytes.copy(copy, 0, position, position + length);
  return copy;
};

const view = new DataView(new ArrayBuffer(8));

export const readFloat = (cursor: Cursor, bytes: Buffer, position: number, end: number): number => {
  if (end - position < 4) cursor.truncated();
  for (let i = 0; i < 4; i++) view.setUint8(i, bytes[position + i]!);
  return view.getFloat32(0, true);
};

export const readDouble = (cursor: Cursor, bytes: Buffer, position: number, end: number): number => {
  if (end - position < 8) cursor.truncated();
  for (let i = 0; i < 8; i++) view.setUint8(i, bytes[position + i]!);
  return view.getFloat64(0, true);
};

/** Sets any key as the map's own; "__proto__" would otherwise be swallowed. */
export const setKey = (map: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__")
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
};

declare global {
  interface Buffer {
    /** What `toString("utf8", start, end)` calls, without its checks. */
    utf8Slice(start: number, end: number): string;
    /** What `write(text, offset, length, "utf8")` calls, without its checks. */
    utf8Write(text: string, offset: number, length: number): number;
  }
}
