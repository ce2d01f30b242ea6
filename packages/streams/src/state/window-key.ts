import { writeInt64 } from "./int64.ts";

/** Bytes that a window store's key takes beyond the record key: int64 start and int32 sequence number. */
export const windowStoreKeyOverhead = 12;

/** `key | int64 start | int32 seq`, with seq 0 (Kafka Streams' `WindowKeySchema.toStoreKeyBinary`). */
export const windowStoreKey = (key: Uint8Array, start: number): Buffer => {
  const out = Buffer.allocUnsafe(key.length + windowStoreKeyOverhead);
  out.set(key, 0);
  writeInt64(out, key.length, start);
  out.writeInt32BE(0, key.length + 8);
  return out;
};
