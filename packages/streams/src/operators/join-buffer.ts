import { ownHeaders } from "../own-headers.ts";
import type { Header, Headers } from "../record.ts";
import type { ErasedSerde, Serde } from "../serde.ts";
import { nullPayload, unreadable } from "../serdes/serde-errors.ts";
import type { StageNode } from "../stages.ts";
import { readInt64, writeInt64 } from "../state/int64.ts";
import { type KeyValueStoreDefinition, keyValueStore } from "../state/store-definition.ts";
import { missingSerde } from "./missing-serde.ts";

/** A record that waits: ordered by time, then by key, then as it came. */
export interface WaitingKey {
  /** Event time, ms. */
  readonly time: number;
  readonly key: unknown;
  readonly sequence: number;
}

/** What else is known of it. */
export interface WaitingValue {
  readonly value: unknown;
  readonly timestamp: number;
  readonly headers: Headers;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** The store of the records that a stream-table join with grace holds back (`RocksDBTimeOrderedKeyValueBuffer`). */
export const joinBuffer = (
  name: string,
  stream: StageNode,
  operator: string,
): KeyValueStoreDefinition<WaitingKey, WaitingValue> => {
  const { key, value } = stream;
  const what = `the store "${name}-Buffer"`;
  if (key === undefined) throw missingSerde(what, "key", `${operator}()`, stream);
  if (value === undefined) throw missingSerde(what, "value", `${operator}()`, stream);
  return keyValueStore(`${name}-Buffer`, { key: waitingKeySerde(key), value: waitingValueSerde(value) });
};

/** 0 | time | key | sequence. */
const waitingKeySerde = (inner: ErasedSerde): Serde<WaitingKey> => {
  const name = `waiting ${inner.name}`;
  return {
    name,
    serialize: ({ time, key, sequence }) => {
      const bytes = inner.serialize(key);
      if (bytes === null) throw nullPayload(name);
      const out = Buffer.alloc(13 + bytes.length);
      writeInt64(out, 1, time);
      out.set(bytes, 9);
      out.writeUInt32BE(sequence, 9 + bytes.length);
      return out;
    },
    deserialize: (source, start, end) => {
      if (start < 0) throw nullPayload(name);
      if (end - start < 13) throw unreadable(name, `it has ${end - start} bytes`);
      return {
        time: readInt64(source, start + 1),
        key: inner.deserialize(source, start + 9, end - 4),
        sequence: source.readUInt32BE(end - 4),
      };
    },
    ...(inner.start && { start: inner.start }),
  };
};

const none = -1;

/** Record context | prior value | old value | new value | padding, as Kafka Streams' `BufferValue` has them. */
const waitingValueSerde = (inner: ErasedSerde): Serde<WaitingValue> => {
  const name = `waiting ${inner.name}`;
  return {
    name,
    serialize: ({ value, timestamp, headers, topic, partition, offset }) => {
      const bytes = inner.serialize(value);
      if (bytes === null) throw nullPayload(name);
      const start = Buffer.alloc(16);
      writeInt64(start, 0, timestamp);
      writeInt64(start, 8, offset);
      return Buffer.concat([
        start,
        sized(Buffer.from(topic)),
        int32(partition),
        int32(headers.length),
        ...headers.flatMap(([header, content]) => [sized(Buffer.from(header)), sized(content)]),
        int32(none),
        int32(none),
        sized(bytes),
        Buffer.alloc(8),
      ]);
    },
    deserialize: (source, start, end) => {
      if (start < 0) throw nullPayload(name);
      let at = start + 16;
      const number = (): number => {
        if (at + 4 > end) throw unreadable(name, "it ends too early");
        at += 4;
        return source.readInt32BE(at - 4);
      };
      const range = (): readonly [from: number, to: number] | undefined => {
        const length = number();
        if (length < 0) return undefined;
        if (at + length > end) throw unreadable(name, `it holds no ${length} bytes`);
        at += length;
        return [at - length, at];
      };
      const bytes = (): Buffer | null => {
        const found = range();
        return found === undefined ? null : source.subarray(...found);
      };
      const topic = String(bytes() ?? "");
      const partition = number();
      const headers: Header[] = [];
      for (let left = number(); left > 0; left--) headers.push([String(bytes() ?? ""), bytes()]);
      range();
      range();
      const found = range();
      if (found === undefined) throw unreadable(name, "it holds no value");
      return {
        value: inner.deserialize(source, ...found),
        timestamp: readInt64(source, start),
        headers: ownHeaders(headers),
        topic,
        partition,
        offset: readInt64(source, start + 8),
      };
    },
    ...(inner.start && { start: inner.start }),
  };
};

const int32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeInt32BE(value);
  return out;
};

const sized = (bytes: Uint8Array | null): Buffer =>
  bytes === null ? int32(none) : Buffer.concat([int32(bytes.length), bytes]);
