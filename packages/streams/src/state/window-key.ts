import { writeInt64 } from "./int64.ts";

/** Bytes that a window store's key takes beyond the record key: int64 start and int32 sequence number. */
export const windowStoreKeyOverhead = 12;

/**
 * `key | int64 start | int32 seq` (Kafka Streams' `WindowKeySchema.toStoreKeyBinary`); seq tells duplicates apart, and is 0
 * where there are none.
 */
export const windowStoreKey = (key: Uint8Array, start: number, seq = 0): Buffer => {
  const out = Buffer.allocUnsafe(key.length + windowStoreKeyOverhead);
  out.set(key, 0);
  return endWindowStoreKey(out, start, seq);
};

/** Writes what stands behind the key, into the last bytes. */
export const endWindowStoreKey = (out: Buffer, start: number, seq = 0): Buffer => {
  const at = out.length - windowStoreKeyOverhead;
  writeInt64(out, at, start);
  out.writeInt32BE(seq, at + 8);
  return out;
};
