import type { Serde } from "../serde.ts";
import type { Windowed } from "../windowed.ts";
import { nullPayload } from "./null-payload.ts";
import { readInt64, writeInt64 } from "../state/int64.ts";

/**
 * Keys of windowed results, `key | int64 start` (Kafka Streams' `TimeWindowedSerde`). The end is not on the wire:
 * `size`, in ms, gives it back. Sinks partition by the inner key, as the JVM does.
 */
export const windowed = <K>(inner: Serde<K>, size: number): Serde<Windowed<K>> => ({
  name: `windowed ${inner.name}`,
  serialize: (value) => {
    const key = inner.serialize(value.key);
    if (key === null) throw nullPayload("windowed");
    const out = Buffer.allocUnsafe(key.length + 8);
    out.set(key, 0);
    writeInt64(out, key.length, value.start);
    return out;
  },
  deserialize: (source, start, end) => {
    if (start < 0) throw nullPayload("windowed");
    const split = end - 8;
    if (split < start) throw new RangeError(`a windowed key takes at least 8 bytes, not ${end - start}`);
    const from = readInt64(source, split);
    return { key: inner.deserialize(source, start, split), start: from, end: from + size, final: false };
  },
  partitionBytes: (serialized) => serialized.subarray(0, serialized.length - 8),
});
