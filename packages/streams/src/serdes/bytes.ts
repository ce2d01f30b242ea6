import type { Serde } from "../serde.ts";
import { nullPayload } from "./null-payload.ts";

const serde: Serde<Uint8Array> = {
  name: "bytes",
  serialize: (value) => value,
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("bytes");
    return Buffer.from(source.subarray(start, end));
  },
};

/** Bytes as they are, copied out of the fetched batch (Kafka Streams' `Serdes.ByteArray()`). */
export const bytes = (): Serde<Uint8Array> => serde;
