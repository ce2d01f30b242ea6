import type { Serde } from "../serde.ts";
import { nullPayload, unreadable } from "../serdes/serde-errors.ts";

/** What a row of the left table is filed under on the right side of a foreign-key join (Kafka Streams' `CombinedKey`). */
export interface CombinedKey<FK, K> {
  readonly foreignKey: FK;
  readonly primaryKey: K;
}

const lengthBytes = 4;

/** int32 length of the foreign key | foreign key | primary key (Kafka Streams' `CombinedKeySchema`). */
export const combinedKeySerde = <FK, K>(foreign: Serde<FK>, primary: Serde<K>): Serde<CombinedKey<FK, K>> => {
  const name = `${foreign.name} and ${primary.name}`;
  const splitOf = (source: Buffer, start: number, end: number): number => {
    if (start < 0) throw nullPayload(name);
    if (end - start < lengthBytes) throw unreadable(name, `it has ${end - start} bytes`);
    const length = source.readInt32BE(start);
    const split = start + lengthBytes + length;
    if (length < 0 || split > end) throw unreadable(name, `it holds no foreign key of ${length} bytes`);
    return split;
  };
  return {
    name,
    serialize: ({ foreignKey, primaryKey }) => {
      const primaryBytes = primary.serialize(primaryKey);
      if (primaryBytes === null) throw nullPayload(name);
      return Buffer.concat([foreignKeyPrefix(foreign, foreignKey), primaryBytes]);
    },
    deserialize: (source, start, end) => {
      const split = splitOf(source, start, end);
      return {
        foreignKey: foreign.deserialize(source, start + lengthBytes, split),
        primaryKey: primary.deserialize(source, split, end),
      };
    },
    ...((foreign.prepare ?? primary.prepare) && {
      prepare: (source: Buffer, start: number, end: number) => {
        const split = splitOf(source, start, end);
        const foreignReady = foreign.prepare?.(source, start + lengthBytes, split);
        const primaryReady = primary.prepare?.(source, split, end);
        return foreignReady === undefined ? primaryReady : foreignReady.then(() => primaryReady);
      },
    }),
  };
};

/** What the combined keys of a foreign key begin with, and no others. */
export const foreignKeyPrefix = <FK>(serde: Serde<FK>, foreignKey: FK): Buffer => {
  const bytes = serde.serialize(foreignKey);
  if (bytes === null) throw nullPayload(serde.name);
  const out = Buffer.allocUnsafe(lengthBytes + bytes.length);
  out.writeInt32BE(bytes.length, 0);
  out.set(bytes, lengthBytes);
  return out;
};
