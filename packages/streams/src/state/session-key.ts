import { writeInt64 } from "./int64.ts";

/** Bytes that a session's key takes beyond the record key: int64 end and int64 start. */
export const sessionStoreKeyOverhead = 16;

/** `key | int64 end | int64 start` (Kafka Streams' `SessionKeySchema.toBinary`, and the keys of its sinks). */
export const sessionStoreKey = (key: Uint8Array, start: number, end: number): Buffer => {
  const out = Buffer.allocUnsafe(key.length + sessionStoreKeyOverhead);
  out.set(key, 0);
  writeInt64(out, key.length, end);
  writeInt64(out, key.length + 8, start);
  return out;
};
