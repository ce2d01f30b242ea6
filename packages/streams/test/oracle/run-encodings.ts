import { bigint, double, int, long, partitionForKey, type Serde, string, windowed } from "../../src/index.ts";
import { combinedKeySerde, foreignKeyPrefix } from "../../src/operators/combined-key.ts";
import { murmur3 } from "../../src/operators/murmur3.ts";
import { Instruction, subscriptionSerde } from "../../src/operators/subscription.ts";
import { subscriptionResponseSerde } from "../../src/operators/subscription-response.ts";
import { outerJoinStore } from "../../src/state/outer-join-store.ts";
import { sessionStoreKey } from "../../src/state/session-key.ts";
import { windowStoreKey } from "../../src/state/window-key.ts";
import { murmur2 } from "../../src/transport/murmur2.ts";

/** `partition-*`: the hashes of keys, and their partitions. */
export interface PartitionVector {
  readonly keys: readonly PartitionedKey[];
}

interface PartitionedKey {
  readonly serde: string;
  /** Longs as text. */
  readonly key: string | number;
  readonly hex: string;
  readonly murmur2: number;
  /** By number of partitions. */
  readonly partition: Readonly<Record<string, number>>;
}

/** `bytes-serdes*`: bytes by serde class. */
export interface EncodingVector {
  readonly bytes: readonly Encoding[];
}

interface Encoding {
  readonly what: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly hex?: string | null;
}

export interface EncodingReport {
  readonly differences: readonly string[];
  /** What has no counterpart in Millrace yet. */
  readonly unsupported: readonly string[];
}

const bytesOf = (serde: string, key: string | number): Uint8Array | undefined => {
  if (serde === "string") return serialized(string(), String(key));
  if (serde === "int") return serialized(int(), Number(key));
  if (serde === "long") return serialized(bigint(), BigInt(key));
  return undefined;
};

export const runPartitions = ({ keys }: PartitionVector): EncodingReport => {
  const differences: string[] = [];
  const unsupported = new Set<string>();
  for (const { serde, key, hex, murmur2: hash, partition } of keys) {
    const bytes = bytesOf(serde, key);
    if (bytes === undefined) {
      unsupported.add(`keys of serde ${serde}`);
      continue;
    }
    const expected = { hex, hash, partition };
    const actual = {
      hex: Buffer.from(bytes).toString("hex"),
      hash: murmur2(bytes),
      partition: Object.fromEntries(
        Object.keys(partition).map((count) => [count, partitionForKey(bytes, Number(count))]),
      ),
    };
    if (JSON.stringify(expected) !== JSON.stringify(actual))
      differences.push(`key ${key}: expected ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`);
  }
  return { differences, unsupported: [...unsupported] };
};

const unjoined = outerJoinStore("unjoined", { key: string(), left: string(), right: long() });

const instructions: Readonly<Record<string, Instruction>> = {
  DELETE_KEY_NO_PROPAGATE: Instruction.deleteKeyNoPropagate,
  DELETE_KEY_AND_PROPAGATE: Instruction.deleteKeyAndPropagate,
  PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE: Instruction.propagateNullIfNoForeignValue,
  PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE: Instruction.propagateOnlyIfForeignValue,
};

const hashOf = (value: unknown): Buffer | null =>
  typeof value === "string" ? murmur3(Buffer.from(value)) : null;

const encoders: Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>) => Uint8Array | undefined>
> = {
  LongSerializer: ({ value }) => serialized(bigint(), BigInt(String(value))),
  IntegerSerializer: ({ value }) => serialized(int(), Number(value)),
  DoubleSerializer: ({ value }) => serialized(double(), Number(value)),
  "TimeWindowedSerializer (sink key)": ({ key, start, end }) =>
    serialized(windowed(string(), Number(end) - Number(start)), {
      key: String(key),
      start: Number(start),
      end: Number(end),
      final: false,
    }),
  "SessionKeySchema.toBinary (store key)": ({ key, start, end }) =>
    sessionStoreKey(serialized(string(), String(key)), Number(start), Number(end)),
  "SessionWindowedSerializer (sink key)": ({ key, start, end }) =>
    sessionStoreKey(serialized(string(), String(key)), Number(start), Number(end)),
  "TimestampedKeyAndJoinSide (outer join store key)": ({ key, side, timestamp }) =>
    serialized(unjoined.key, {
      key: String(key),
      side: side === "left" ? "left" : "right",
      timestamp: Number(timestamp),
    }),
  "LeftOrRightValue left (outer join store value)": ({ value }) =>
    // Behind the list's count and the value's length, nine bytes.
    serialized(unjoined.value, [{ side: "left", value: String(value) }]).subarray(9),
  "LeftOrRightValue right long": ({ value }) =>
    serialized(unjoined.value, [{ side: "right", value: Number(value) }]).subarray(9),
  "CombinedKey (foreign, primary)": ({ foreignKey, primaryKey }) =>
    serialized(combinedKeySerde(string(), string()), {
      foreignKey: String(foreignKey),
      primaryKey: String(primaryKey),
    }),
  "CombinedKey prefix": ({ foreignKey }) => foreignKeyPrefix(string(), String(foreignKey)),
  "Murmur3.hash128 of raw bytes": ({ hex }) => murmur3(Buffer.from(String(hex), "hex")),
  "Murmur3.hash128 of the UTF-8 bytes (two longs, big-endian)": ({ value }) =>
    murmur3(Buffer.from(String(value))),
  SubscriptionWrapper: ({ hashOf: value, instruction, primaryKey, primaryPartition }) => {
    const known = instructions[String(instruction)];
    return known === undefined
      ? undefined
      : serialized(subscriptionSerde(string()), {
          hash: hashOf(value),
          instruction: known,
          primaryKey: String(primaryKey),
          partition: Number(primaryPartition),
        });
  },
  SubscriptionResponseWrapper: ({ hashOf: value, foreignValue }) =>
    serialized(subscriptionResponseSerde(string()), {
      hash: hashOf(value),
      value: typeof foreignValue === "string" ? foreignValue : null,
      partition: undefined,
    }),
  "WindowKeySchema.toStoreKeyBinary": ({ key, start, seq }) =>
    windowStoreKey(serialized(string(), String(key)), Number(start), Number(seq)),
};

export const runEncodings = ({ bytes }: EncodingVector): EncodingReport => {
  const differences: string[] = [];
  const unsupported = new Set<string>();
  for (const { what, input, hex } of bytes) {
    const encoded = encoders[what]?.(input);
    if (encoded === undefined) {
      unsupported.add(what);
      continue;
    }
    const actual = Buffer.from(encoded).toString("hex");
    if (actual !== hex)
      differences.push(`${what} of ${JSON.stringify(input)}: expected ${hex ?? "null"}, not ${actual}`);
  }
  return { differences, unsupported: [...unsupported] };
};

const serialized = <T>(serde: Serde<T>, value: NoInfer<T>): Uint8Array => {
  const bytes = serde.serialize(value);
  if (bytes === null) throw new Error(`${serde.name} serializes to null`);
  return bytes;
};
