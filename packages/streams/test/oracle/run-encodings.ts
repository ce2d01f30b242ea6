import { bigint, double, int, partitionForKey, type Serde, string, windowed } from "../../src/index.ts";
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
  // A sequence number tells duplicates apart in the stores of joins, which are still to come.
  "WindowKeySchema.toStoreKeyBinary": ({ key, start, seq }) =>
    seq === 0 ? windowStoreKey(serialized(string(), String(key)), Number(start)) : undefined,
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

const serialized = <T>(serde: Serde<T>, value: T): Uint8Array => {
  const bytes = serde.serialize(value);
  if (bytes === null) throw new Error(`${serde.name} serializes to null`);
  return bytes;
};
