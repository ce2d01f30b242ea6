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
  writeInt64(out, key.length, start);
  out.writeInt32BE(seq, key.length + 8);
  return out;
};
