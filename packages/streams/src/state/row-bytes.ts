import { readInt64, writeInt64 } from "./int64.ts";

const timestampLength = 8;

/** `int64 timestamp | value`, as a byte store keeps a row (Kafka Streams' `ValueAndTimestampSerializer`). */
export const rowBytes = (value: Uint8Array, timestamp: number): Buffer => {
  const out = Buffer.allocUnsafe(timestampLength + value.length);
  writeInt64(out, 0, timestamp);
  out.set(value, timestampLength);
  return out;
};

/** Reads the value of such a row by `deserialize`, and its timestamp. */
export const readRowBytes = <V>(
  bytes: Uint8Array,
  deserialize: (source: Buffer, start: number, end: number) => V,
): { readonly value: V; readonly timestamp: number } => {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { value: deserialize(source, timestampLength, source.length), timestamp: readInt64(source, 0) };
};
