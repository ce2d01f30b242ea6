import { nullPayload } from "../serdes/serde-errors.ts";
import type { Serde } from "../serde.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import { keyValueStore, type KeyValueStoreDefinition } from "./store-definition.ts";

type JoinSide = "left" | "right";

/** A record that has not been joined yet (Kafka Streams' `TimestampedKeyAndJoinSide`). */
export interface UnjoinedKey<K> {
  /** ms, event time. */
  readonly timestamp: number;
  readonly side: JoinSide;
  readonly key: K;
}

/** Its value (Kafka Streams' `LeftOrRightValue`). */
export type Unjoined<L, R> =
  | { readonly side: "left"; readonly value: L }
  | { readonly side: "right"; readonly value: R };

const keyOverhead = 9;
const leftByte = 1;
const rightByte = 0;

/** `int64 timestamp | side | key` (Kafka Streams' `TimestampedKeyAndJoinSideSerializer`): ordered by time. */
const unjoinedKey = <K>(inner: Serde<K>): Serde<UnjoinedKey<K>> => ({
  name: `time and side of ${inner.name}`,
  serialize: ({ timestamp, side, key }) => {
    const bytes = inner.serialize(key);
    if (bytes === null) throw nullPayload("outer join");
    const out = Buffer.allocUnsafe(keyOverhead + bytes.length);
    writeInt64(out, 0, timestamp);
    out[8] = side === "left" ? leftByte : rightByte;
    out.set(bytes, keyOverhead);
    return out;
  },
  deserialize: (source, start, end) => ({
    timestamp: readInt64(source, start),
    side: source[start + 8] === leftByte ? "left" : "right",
    key: inner.deserialize(source, start + keyOverhead, end),
  }),
});

/**
 * A list of values of any length: a byte that says so, `int32 count`, then `int32 length | side | value` of each (Kafka
 * Streams' `ListSerializer` of `LeftOrRightValueSerializer`).
 */
const unjoinedValues = <L, R>(left: Serde<L>, right: Serde<R>): Serde<readonly Unjoined<L, R>[]> => ({
  name: `${left.name} or ${right.name}`,
  serialize: (values) => {
    const parts: Uint8Array[] = [];
    const head = Buffer.alloc(5, 1);
    head.writeInt32BE(values.length, 1);
    parts.push(head);
    for (const one of values) {
      const bytes = one.side === "left" ? left.serialize(one.value) : right.serialize(one.value);
      if (bytes === null) throw nullPayload("outer join");
      const prefix = Buffer.alloc(5);
      prefix.writeInt32BE(bytes.length + 1, 0);
      prefix[4] = one.side === "left" ? leftByte : rightByte;
      parts.push(prefix, bytes);
    }
    return Buffer.concat(parts);
  },
  deserialize: (source, start, end) => {
    const count = source.readInt32BE(start + 1);
    const values: Unjoined<L, R>[] = [];
    let at = start + 5;
    for (let n = 0; n < count; n++) {
      const next = at + 4 + source.readInt32BE(at);
      if (next > end) throw new RangeError("a value of the list is longer than the list");
      values.push(
        source[at + 4] === leftByte
          ? { side: "left", value: left.deserialize(source, at + 5, next) }
          : { side: "right", value: right.deserialize(source, at + 5, next) },
      );
      at = next;
    }
    return values;
  },
});

/**
 * The store that both sides of a left or outer join share: records that were not joined yet, in the order in which their
 * windows close. `all()` reads them by time.
 */
export const outerJoinStore = <K, L, R>(
  name: string,
  { key, left, right }: { readonly key: Serde<K>; readonly left: Serde<L>; readonly right: Serde<R> },
): KeyValueStoreDefinition<UnjoinedKey<K>, readonly Unjoined<L, R>[]> =>
  keyValueStore(name, { key: unjoinedKey(key), value: unjoinedValues(left, right) });
