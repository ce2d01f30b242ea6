import type { Serde } from "../serde.ts";
import { nullPayload, unreadable } from "../serdes/serde-errors.ts";

/** What the right side of a foreign-key join is to do with a subscription (`SubscriptionWrapper.Instruction`). */
export const Instruction = {
  /** Forget it, without an answer: its row has another foreign key now. */
  deleteKeyNoPropagate: 0,
  /** Forget it, and answer that there is nothing. */
  deleteKeyAndPropagate: 1,
  /** Keep it, and answer in any case. */
  propagateNullIfNoForeignValue: 2,
  /** Keep it, and answer if there is a row. */
  propagateOnlyIfForeignValue: 3,
} as const;
export type Instruction = (typeof Instruction)[keyof typeof Instruction];

/** A row of the left table asks for one of the right (Kafka Streams' `SubscriptionWrapper`). */
export interface Subscription<K> {
  /** Murmur3 of the left value, which the answer brings back; null where the row was deleted. */
  readonly hash: Buffer | null;
  readonly instruction: Instruction;
  readonly primaryKey: K;
  /** The partition of the left row; undefined in what a Kafka Streams before 3.4 wrote. */
  readonly partition: number | undefined;
}

const noHash = 0x80;
const hashBytes = 16;
const partitionBytes = 4;
/** From version 1 on the partition stands at the end. */
const withPartition = 1;

/** Version, with 0x80 where there is no hash | instruction | hash | primary key | int32 partition. */
export const subscriptionSerde = <K>(
  primary: Serde<K>,
  start?: Serde<K>["start"],
): Serde<Subscription<K>> => {
  const name = `subscription by ${primary.name}`;
  const partsOf = (source: Buffer, from: number, end: number): Parts => {
    if (from < 0) throw nullPayload(name);
    const first = source[from] ?? 0;
    const version = first & ~noHash;
    if (version > withPartition) throw unreadable(name, `version ${version} is not known`);
    const keyStart = from + 2 + ((first & noHash) === 0 ? hashBytes : 0);
    const keyEnd = version < withPartition ? end : end - partitionBytes;
    if (keyEnd < keyStart) throw unreadable(name, `it has ${end - from} bytes`);
    return { version, keyStart, keyEnd };
  };
  return {
    name,
    serialize: ({ hash, instruction, primaryKey, partition }) => {
      const keyBytes = primary.serialize(primaryKey);
      if (keyBytes === null) throw nullPayload(name);
      const keyAt = 2 + (hash === null ? 0 : hashBytes);
      const keyEnd = keyAt + keyBytes.length;
      const out = Buffer.allocUnsafe(keyEnd + (partition === undefined ? 0 : partitionBytes));
      out[0] = (partition === undefined ? 0 : withPartition) | (hash === null ? noHash : 0);
      out[1] = instruction;
      if (hash !== null) out.set(hash, 2);
      out.set(keyBytes, keyAt);
      if (partition !== undefined) out.writeInt32BE(partition, keyEnd);
      return out;
    },
    deserialize: (source, from, end) => {
      const { version, keyStart, keyEnd } = partsOf(source, from, end);
      const instruction = source[from + 1];
      if (!isInstruction(instruction)) throw unreadable(name, `${instruction} is no instruction`);
      return {
        // A copy: it is kept for longer than what was fetched with it.
        hash: keyStart === from + 2 ? null : Buffer.from(source.subarray(from + 2, keyStart)),
        instruction,
        primaryKey: primary.deserialize(source, keyStart, keyEnd),
        partition: version < withPartition ? undefined : source.readInt32BE(keyEnd),
      };
    },
    ...(primary.prepare && {
      prepare: (source: Buffer, from: number, end: number) => {
        const { keyStart, keyEnd } = partsOf(source, from, end);
        return primary.prepare?.(source, keyStart, keyEnd);
      },
    }),
    ...(start && { start }),
  };
};

interface Parts {
  readonly version: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

const isInstruction = (byte: number | undefined): byte is Instruction =>
  byte !== undefined && byte <= Instruction.propagateOnlyIfForeignValue;
