import type { Headers } from "../../../record.ts";

/** A record as it lies in a log. */
export interface SimulatedRecord {
  /** Key and value, one after the other. */
  readonly bytes: Buffer;
  /** Length of the key, -1 for null; of the value likewise. */
  readonly keyLength: number;
  readonly valueLength: number;
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly headers: Headers;
}

/** What a record takes in a batch beside its key, value and headers, and a header beside its name and value; roughly. */
const recordOverhead = 24;
const headerOverhead = 2;

/** Its size in a batch, bytes; roughly. */
export const sizeOf = ({ bytes, headers }: SimulatedRecord): number => {
  let size = bytes.length + recordOverhead;
  for (const [name, value] of headers)
    size += Buffer.byteLength(name) + (value?.length ?? 0) + headerOverhead;
  return size;
};

/** Key and value in one buffer. */
export const simulatedRecord = (
  key: Uint8Array | null,
  value: Uint8Array | null,
  timestamp: number,
  headers: Headers,
): SimulatedRecord => {
  const keyLength = key?.length ?? -1;
  const valueLength = value?.length ?? -1;
  const bytes = Buffer.allocUnsafe(Math.max(0, keyLength) + Math.max(0, valueLength));
  if (key !== null) bytes.set(key, 0);
  if (value !== null) bytes.set(value, Math.max(0, keyLength));
  return { bytes, keyLength, valueLength, timestamp, headers };
};

/** The bytes of its key as a string that is good as a Map key; undefined for null. */
export const keyOf = ({ bytes, keyLength }: SimulatedRecord): string | undefined =>
  keyLength < 0 ? undefined : bytes.toString("latin1", 0, keyLength);
