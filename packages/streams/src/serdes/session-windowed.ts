import type { Serde } from "../serde.ts";
import { readInt64 } from "../state/int64.ts";
import { sessionStoreKey, sessionStoreKeyOverhead } from "../state/session-key.ts";
import type { Windowed } from "../windowed.ts";
import { nullPayload, unreadable, unwritable } from "./serde-errors.ts";

/**
 * Keys of sessions, `key | int64 end | int64 start` (Kafka Streams' `SessionWindowedSerde`); both ends are inclusive.
 * Sinks partition by the inner key, as the JVM does.
 */
export const sessionWindowed = <K>(inner: Serde<K>): Serde<Windowed<K>> => {
  const name = `session windowed ${inner.name}`;
  return {
    name,
    serialize: (value) => {
      if (
        (value as unknown) === null ||
        typeof value !== "object" ||
        !Number.isSafeInteger(value.start) ||
        !Number.isSafeInteger(value.end)
      )
        throw unwritable(name, value, "keys with the start and the end of their session, in ms");
      const key = inner.serialize(value.key);
      if (key === null) throw nullPayload(name);
      return sessionStoreKey(key, value.start, value.end);
    },
    deserialize: (source, start, end) => {
      if (start < 0) throw nullPayload(name);
      const split = end - sessionStoreKeyOverhead;
      if (split < start)
        throw unreadable(name, `it takes at least ${sessionStoreKeyOverhead} bytes, not ${end - start}`);
      const last = readInt64(source, split);
      const first = readInt64(source, split + 8);
      if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last))
        throw unreadable(name, `[${first}, ${last}] is no session`);
      return { key: inner.deserialize(source, start, split), start: first, end: last, final: false };
    },
    ...(inner.prepare && {
      prepare: (source: Buffer, start: number, end: number) =>
        start < 0 || end - sessionStoreKeyOverhead < start
          ? undefined
          : inner.prepare?.(source, start, end - sessionStoreKeyOverhead),
    }),
    ...(inner.start && { start: inner.start }),
    partitionBytes: (serialized) => serialized.subarray(0, serialized.length - sessionStoreKeyOverhead),
  };
};
