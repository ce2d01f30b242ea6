import { TopologyError } from "../errors.ts";
import type { Serde } from "../serde.ts";
import { readInt64, writeInt64 } from "../state/int64.ts";
import type { Windowed } from "../windowed.ts";
import type { TimeWindows } from "../windows.ts";
import { nullPayload, unreadable, unwritable } from "./serde-errors.ts";

/** Bytes of a window's start. */
const startLength = 8;

/**
 * Keys of windowed results, `key | int64 start` (Kafka Streams' `TimeWindowedSerde`). The end is not on the wire:
 * the windows, or their size in ms, give it back. Sinks partition by the inner key, as the JVM does. Throws a TopologyError
 * for a size that is none.
 */
export const windowed = <K>(
  inner: Serde<K>,
  windows: number | Pick<TimeWindows, "endOf">,
): Serde<Windowed<K>> => {
  if (typeof windows === "number" && !(windows >= 0))
    throw new TopologyError(`the size of the windows of keys must be 0 ms or more, not ${windows}`);
  const endOf = typeof windows === "number" ? (start: number) => start + windows : windows.endOf;
  const name = `windowed ${inner.name}`;
  const check = (value: Windowed<K>): void => {
    if ((value as unknown) === null || typeof value !== "object" || !Number.isSafeInteger(value.start))
      throw unwritable(name, value, "keys with the start of their window, in ms");
  };
  const alone = (value: Windowed<K>): Buffer => {
    check(value);
    const key = inner.serialize(value.key);
    if (key === null) throw nullPayload(name);
    const out = Buffer.allocUnsafe(key.length + startLength);
    out.set(key, 0);
    writeInt64(out, key.length, value.start);
    return out;
  };
  const { into } = inner.serialize;
  return {
    name,
    serialize: Object.assign(alone, {
      into:
        into &&
        ((value: Windowed<K>, target: Buffer, at: number) => {
          check(value);
          const split = into(value.key, target, at);
          if (split < 0) throw nullPayload(name);
          const end = split + startLength;
          if (end <= target.length) writeInt64(target, split, value.start);
          return end;
        }),
    }),
    deserialize: (source, start, end) => {
      if (start < 0) throw nullPayload(name);
      const split = end - startLength;
      if (split < start) throw unreadable(name, `it takes at least 8 bytes, not ${end - start}`);
      const from = readInt64(source, split);
      if (!Number.isSafeInteger(from)) throw unreadable(name, `${from} is no start of a window`);
      return { key: inner.deserialize(source, start, split), start: from, end: endOf(from), final: false };
    },
    ...(inner.prepare && {
      prepare: (source: Buffer, start: number, end: number) =>
        start < 0 || end - startLength < start
          ? undefined
          : inner.prepare?.(source, start, end - startLength),
    }),
    ...(inner.start && { start: inner.start }),
    partitionBytes: (serialized) => serialized.subarray(0, serialized.length - startLength),
  };
};
