import { ownHeaders } from "../own-headers.ts";
import type { Header, Headers } from "../record.ts";
import type { Serde } from "../serde.ts";
import { readInt64, writeInt64 } from "./int64.ts";

/** Where a change came from (Kafka Streams' `ProcessorRecordContext`). */
interface ChangeContext {
  /** Event time, ms. */
  readonly timestamp: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly headers: Headers;
}

/** A change of a table that waits to be told (Kafka Streams' `BufferValue`, with its `BufferKey`'s time). */
export interface BufferedChange<V> {
  /** Its place in the buffer: ms, that of the first change that waited. */
  readonly time: number;
  /** What was told last; null where nothing was, or a deletion. */
  readonly prior: V | null;
  /** What the table held before its latest change. */
  readonly old: V | null;
  readonly value: V | null;
  readonly context: ChangeContext;
}

const absent = -1;
/** The old value is the prior one. */
const asPrior = -2;

/**
 * `context | prior | old | new | int64 time`, each value after its int32 length (Kafka Streams' suppress changelog,
 * version 3).
 */
export const bufferedChange = <V>(inner: Serde<V>): Serde<BufferedChange<V>> => ({
  name: `buffered ${inner.name}`,
  serialize: ({ time, prior, old, value, context }) => {
    const priorBytes = prior === null ? null : inner.serialize(prior);
    const oldBytes = old === null ? null : inner.serialize(old);
    const same = priorBytes !== null && oldBytes !== null && Buffer.compare(priorBytes, oldBytes) === 0;
    const parts: Uint8Array[] = [];
    writeContext(parts, context);
    writeBytes(parts, priorBytes);
    if (same) parts.push(int32(asPrior));
    else writeBytes(parts, oldBytes);
    writeBytes(parts, value === null ? null : inner.serialize(value));
    parts.push(int64(time));
    return Buffer.concat(parts);
  },
  deserialize: (source, start, end) => {
    const reader = new Reader(source.subarray(start, end));
    const context = readContext(reader);
    const prior = valueOf(inner, reader.bytes());
    const oldLength = reader.int32();
    const old = oldLength === asPrior ? prior : valueOf(inner, reader.take(oldLength));
    const value = valueOf(inner, reader.bytes());
    return { time: reader.int64(), prior, old, value, context };
  },
});

const valueOf = <V>(inner: Serde<V>, bytes: Buffer | null): V | null =>
  bytes === null ? null : inner.deserialize(bytes, 0, bytes.length);

const int32 = (value: number): Buffer => {
  const out = Buffer.allocUnsafe(4);
  out.writeInt32BE(value, 0);
  return out;
};

const int64 = (value: number): Buffer => {
  const out = Buffer.allocUnsafe(8);
  writeInt64(out, 0, value);
  return out;
};

const writeBytes = (parts: Uint8Array[], bytes: Uint8Array | null): void => {
  parts.push(int32(bytes === null ? absent : bytes.length));
  if (bytes !== null) parts.push(bytes);
};

const writeContext = (
  parts: Uint8Array[],
  { timestamp, offset, topic, partition, headers }: ChangeContext,
): void => {
  parts.push(int64(timestamp), int64(offset));
  writeBytes(parts, Buffer.from(topic));
  parts.push(int32(partition), int32(headers.length));
  for (const [name, value] of headers) {
    writeBytes(parts, Buffer.from(name));
    writeBytes(parts, value);
  }
};

const readContext = (reader: Reader): ChangeContext => {
  const timestamp = reader.int64();
  const offset = reader.int64();
  const topic = String(reader.bytes() ?? "");
  const partition = reader.int32();
  const count = reader.int32();
  const headers: Header[] = [];
  for (let n = 0; n < count; n++) headers.push([String(reader.bytes() ?? ""), reader.bytes()]);
  return { timestamp, offset, topic, partition, headers: ownHeaders(headers) };
};

class Reader {
  readonly #source: Buffer;
  #at = 0;

  constructor(source: Buffer) {
    this.#source = source;
  }

  int32(): number {
    this.#at += 4;
    return this.#source.readInt32BE(this.#at - 4);
  }

  int64(): number {
    this.#at += 8;
    return readInt64(this.#source, this.#at - 8);
  }

  bytes(): Buffer | null {
    return this.take(this.int32());
  }

  take(length: number): Buffer | null {
    if (length === absent) return null;
    if (length < 0 || this.#at + length > this.#source.length)
      throw new RangeError(`a buffered change has a part of ${length} bytes, more than are there`);
    this.#at += length;
    return this.#source.subarray(this.#at - length, this.#at);
  }
}
