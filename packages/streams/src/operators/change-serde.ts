import type { Change } from "../change.ts";
import type { Serde } from "../serde.ts";
import { nullPayload } from "../serdes/null-payload.ts";

const oldOnly = 0;
const newOnly = 1;
const both = 2;

/**
 * Changes on their way to a grouped table (Kafka Streams' `ChangedSerde`, format of 3.5 and later): new | 01, old | 00,
 * or zigzag varint of new's length | new | old | 02.
 */
export const changeSerde = <V>(inner: Serde<V>): Serde<Change<V>> => {
  const bytesOf = (value: V | null): Uint8Array => {
    const bytes = value === null ? null : inner.serialize(value);
    if (bytes === null) throw nullPayload(`change of ${inner.name}`);
    return bytes;
  };
  return {
    name: `change of ${inner.name}`,
    serialize: ({ newValue, oldValue }) => {
      if (newValue !== null && oldValue !== null) {
        const bytes = bytesOf(newValue);
        return Buffer.concat([varint(bytes.length), bytes, bytesOf(oldValue), Buffer.of(both)]);
      }
      if (newValue !== null) return Buffer.concat([bytesOf(newValue), Buffer.of(newOnly)]);
      return Buffer.concat([bytesOf(oldValue), Buffer.of(oldOnly)]);
    },
    deserialize: (source, start, end) => {
      if (start < 0 || end === start) throw nullPayload(`change of ${inner.name}`);
      const flag = source[end - 1];
      const last = end - 1;
      if (flag === newOnly)
        return { newValue: inner.deserialize(source, start, last), oldValue: null, isLatest: true };
      if (flag === oldOnly)
        return { newValue: null, oldValue: inner.deserialize(source, start, last), isLatest: true };
      if (flag !== both) throw new RangeError(`${flag} is no kind of change`);
      const { value: length, at } = readVarint(source, start, last);
      const split = at + length;
      if (length < 0 || split > last) throw new RangeError(`a change holds no value of ${length} bytes`);
      return {
        newValue: inner.deserialize(source, at, split),
        oldValue: inner.deserialize(source, split, last),
        isLatest: true,
      };
    },
  };
};

/** Zigzag of a length, 7 bits a byte, the lowest first. */
const varint = (length: number): Buffer => {
  const bytes: number[] = [];
  let rest = length * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.of(...bytes, rest);
};

const readVarint = (source: Buffer, start: number, end: number): { value: number; at: number } => {
  let value = 0;
  for (let at = start, scale = 1; at < end; at++, scale *= 128) {
    const byte = source[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, at: at + 1 };
  }
  throw new RangeError("a change ends within its length");
};
