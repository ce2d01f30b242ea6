import type { Serde } from "../serde.ts";
import { nullPayload, unreadable } from "../serdes/serde-errors.ts";

/** What a row of the left table is told of the one that it asked for (Kafka Streams' `SubscriptionResponseWrapper`). */
export interface SubscriptionResponse<V> {
  /** Of the left value that asked; null where that was deleted. */
  readonly hash: Buffer | null;
  /** Null where the right table has no row. */
  readonly value: V | null;
  /** The partition of the left row, where it is known; it does not travel. */
  readonly partition: number | undefined;
}

const noHash = 0x80;
const hashBytes = 16;

/**
 * Version 0, with 0x80 where there is no hash | hash | right value. As on the JVM, a value without bytes (the empty text)
 * is read as none.
 */
export const subscriptionResponseSerde = <V>(inner: Serde<V>): Serde<SubscriptionResponse<V>> => {
  const name = `response of ${inner.name}`;
  const valueStartOf = (source: Buffer, start: number, end: number): number => {
    if (start < 0) throw nullPayload(name);
    const first = source[start] ?? 0;
    if ((first & ~noHash) !== 0) throw unreadable(name, `version ${first & ~noHash} is not known`);
    const valueStart = start + 1 + (first === 0 ? hashBytes : 0);
    if (valueStart > end) throw unreadable(name, `it has ${end - start} bytes`);
    return valueStart;
  };
  return {
    name,
    serialize: ({ hash, value }) => {
      const bytes = value === null ? null : inner.serialize(value);
      const valueAt = 1 + (hash === null ? 0 : hashBytes);
      const out = Buffer.allocUnsafe(valueAt + (bytes === null ? 0 : bytes.length));
      out[0] = hash === null ? noHash : 0;
      if (hash !== null) out.set(hash, 1);
      if (bytes !== null) out.set(bytes, valueAt);
      return out;
    },
    deserialize: (source, start, end) => {
      const valueStart = valueStartOf(source, start, end);
      return {
        hash: valueStart === start + 1 ? null : source.subarray(start + 1, valueStart),
        value: valueStart === end ? null : inner.deserialize(source, valueStart, end),
        partition: undefined,
      };
    },
    ...(inner.prepare && {
      prepare: (source: Buffer, start: number, end: number) => {
        const valueStart = valueStartOf(source, start, end);
        return valueStart === end ? undefined : inner.prepare?.(source, valueStart, end);
      },
    }),
    ...(inner.start && { start: inner.start }),
  };
};
