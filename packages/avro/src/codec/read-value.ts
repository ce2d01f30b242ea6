import type { Cursor } from "./cursor.ts";

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
    /** What `write(text, offset, length, "utf8")` calls, without its checks. */
    utf8Write(text: string, offset: number, length: number): number;
  }
}
