import type { Change } from "../change.ts";
import type { Serde } from "../serde.ts";
import { nullPayload, unreadable } from "../serdes/serde-errors.ts";

const oldOnly = 0;
const newOnly = 1;
const both = 2;

/**
 * Changes on their way to a grouped table (Kafka Streams' `ChangedSerde`, format of 3.5 and later): new | 01, old | 00,
 * or zigzag varint of new's length | new | old | 02.
 */
export const changeSerde = <V>(inner: Serde<V>): Serde<Change<V>> => {
  const name = `change of ${inner.name}`;
  const bytesOf = (value: V | null): Uint8Array => {
    const bytes = value === null ? null : inner.serialize(value);
    if (bytes === null) throw nullPayload(name);
    return bytes;
  };
  return {
    name,
    serialize: ({ newValue, oldValue }) => {
      if (newValue !== null && oldValue !== null) {
        const bytes = bytesOf(newValue);
        return Buffer.concat([varint(bytes.length), bytes, bytesOf(oldValue), Buffer.of(both)]);
      }
      if (newValue !== null) return Buffer.concat([bytesOf(newValue), Buffer.of(newOnly)]);
      return Buffer.concat([bytesOf(oldValue), Buffer.of(oldOnly)]);
    },
    deserialize: (source, start, end) => {
      const { newFrom, newTo, oldFrom, oldTo } = partsOf(name, source, start, end);
      return {
        newValue: newFrom < 0 ? null : inner.deserialize(source, newFrom, newTo),
        oldValue: oldFrom < 0 ? null : inner.deserialize(source, oldFrom, oldTo),
        isLatest: true,
      };
    },
    ...(inner.start && { start: inner.start }),
    ...(inner.prepare && {
      prepare: (source: Buffer, start: number, end: number) => {
        if (start < 0) return undefined;
        const { newFrom, newTo, oldFrom, oldTo } = partsOf(name, source, start, end);
        const newReady = newFrom < 0 ? undefined : inner.prepare?.(source, newFrom, newTo);
        const oldReady = oldFrom < 0 ? undefined : inner.prepare?.(source, oldFrom, oldTo);
        return newReady === undefined ? oldReady : newReady.then(() => oldReady);
      },
    }),
  };
};

/** Where both values stand; -1 for one that is not there. */
interface Parts {
  readonly newFrom: number;
  readonly newTo: number;
  readonly oldFrom: number;
  readonly oldTo: number;
}

const partsOf = (name: string, source: Buffer, start: number, end: number): Parts => {
  if (start < 0 || end === start) throw nullPayload(name);
  const flag = source[end - 1];
  const last = end - 1;
  if (flag === newOnly) return { newFrom: start, newTo: last, oldFrom: -1, oldTo: -1 };
  if (flag === oldOnly) return { newFrom: -1, newTo: -1, oldFrom: start, oldTo: last };
  if (flag !== both) throw unreadable(name, `${flag} is no kind of change`);
  const { value: length, at } = readVarint(name, source, start, last);
  const split = at + length;
  if (length < 0 || split > last) throw unreadable(name, `it holds no value of ${length} bytes`);
  return { newFrom: at, newTo: split, oldFrom: split, oldTo: last };
};

/** Zigzag of a length, 7 bits a byte, the lowest first. */
const varint = (length: number): Buffer => {
  const bytes: number[] = [];
  let rest = length * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.of(...bytes, rest);
};

const readVarint = (
  name: string,
  source: Buffer,
  start: number,
  end: number,
): { value: number; at: number } => {
  let value = 0;
  for (let at = start, scale = 1; at < end; at++, scale *= 128) {
    const byte = source[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, at: at + 1 };
  }
  throw unreadable(name, "it ends within its length");
};
