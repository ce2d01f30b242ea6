import type { Serde } from "../serde.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import type { History, Version } from "./version-history.ts";

const deleted = -1;
const headLength = 12;

/** `int64 timestamp | int32 length (-1: a deletion) | value` of each version: as a byte store keeps a history. */
export const historySerde = <V>(value: Serde<V>): Serde<History<V>> => ({
  name: `history of ${value.name}`,
  serialize: (history) => {
    const parts: Uint8Array[] = [];
    for (const { timestamp, value: of } of history) {
      const bytes = of === undefined ? null : value.serialize(of);
      const head = Buffer.allocUnsafe(headLength);
      writeInt64(head, 0, timestamp);
      head.writeInt32BE(bytes === null ? deleted : bytes.length, 8);
      parts.push(head);
      if (bytes !== null) parts.push(bytes);
    }
    return Buffer.concat(parts);
  },
  deserialize: (source, start, end) => {
    const history: Version<V>[] = [];
    for (let at = start; at < end;) {
      const timestamp = readInt64(source, at);
      const length = source.readInt32BE(at + 8);
      at += headLength;
      if (length === deleted) {
        history.push({ timestamp, value: undefined });
        continue;
      }
      if (length < 0 || at + length > end)
        throw new RangeError(`a version of ${length} bytes is more than is there`);
      history.push({ timestamp, value: value.deserialize(source, at, at + length) });
      at += length;
    }
    return history;
  },
});
