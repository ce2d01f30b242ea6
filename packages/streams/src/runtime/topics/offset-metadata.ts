import { MillraceError } from "../../errors.ts";
import { readInt64, writeInt64 } from "../../state/int64.ts";
import { CommittedNumbers } from "./committed-numbers.ts";
import { decodeCompactNumbers, encodeCompactNumbers, type HashedNumbers } from "./compact-numbers.ts";

/** What is committed beside an offset. */
export interface OffsetMetadata {
  /** Greatest timestamp of the records up to the offset, ms; -1 when there was none. */
  readonly partitionTime: number;
  /** Numbers of operators, or a part of them: the others are with the task's other partitions. */
  readonly numbers: CommittedNumbers;
}

/** Of the JVM's `TopicPartitionMetadata`: the first had no processors, and the JVM passes over what follows its time. */
const timeOnly = 1;
const withProcessors = 2;
const header = 9;
/** Says that what follows the time is ours. */
const ours = Buffer.from("MR");
/** As many bytes as brokers take of it in base64 (`offset.metadata.max.bytes`, 4096 unless changed). */
const maxBytes = 3_072;

/**
 * The metadata of each of a task's partitions, whose times are given. Where it fits each has all numbers in the JVM's
 * layout: base64 of `2 | int64 time | int32 count | (int32 length | name | int64 number)*`. Where it doesn't, each has
 * the time as the JVM reads it, and behind that the numbers by the hashes of their names, all of them or, as a last
 * resort, a part: so all of a task's partitions have to be committed together. Throws a MillraceError OFFSET_METADATA.
 */
export const encodeOffsetMetadata = (
  partitionTimes: readonly number[],
  numbers: ReadonlyMap<string, number>,
): readonly string[] => {
  const known = new Map([...numbers].filter(([, value]) => value !== -1));
  const named = namedEntries(known);
  if (named !== undefined) return partitionTimes.map((time) => text(head(withProcessors, time), named));
  for (const hashBytes of [4, 3] as const) {
    const whole = partitionTimes.map((time) => compact(time, known, hashBytes));
    if (whole.every((bytes) => bytes !== undefined && bytes.length <= maxBytes))
      return whole.map((bytes) => text(bytes ?? nothing));
  }
  return spread(partitionTimes, known);
};

/** As the JVM, reads what is no such metadata (none, or another client's) as a partition without a time. */
export const decodeOffsetMetadata = (encoded: string): OffsetMetadata => {
  const bytes = Buffer.from(encoded, "base64");
  const version = bytes[0];
  if (bytes.length < header || (version !== timeOnly && version !== withProcessors))
    return { partitionTime: -1, numbers: new CommittedNumbers(new Map()) };
  const partitionTime = readInt64(bytes, 1);
  const rest = bytes.subarray(header);
  const numbers =
    version === withProcessors
      ? new CommittedNumbers(readNamed(rest))
      : new CommittedNumbers(new Map(), readCompact(rest, partitionTime));
  return { partitionTime, numbers };
};

const nothing = Buffer.alloc(0);

const text = (...parts: readonly Buffer[]): string => Buffer.concat(parts).toString("base64");

const head = (version: number, partitionTime: number): Buffer => {
  const bytes = Buffer.alloc(header);
  bytes[0] = version;
  writeInt64(bytes, 1, partitionTime);
  return bytes;
};

const compact = (
  partitionTime: number,
  numbers: ReadonlyMap<string, number>,
  hashBytes: 3 | 4,
): Buffer | undefined => {
  const encoded = encodeCompactNumbers(numbers, partitionTime, hashBytes);
  return encoded === undefined ? undefined : Buffer.concat([head(timeOnly, partitionTime), ours, encoded]);
};

/** Each partition takes as many as fit. */
const spread = (
  partitionTimes: readonly number[],
  numbers: ReadonlyMap<string, number>,
): readonly string[] => {
  let left = [...numbers];
  const encoded = partitionTimes.map((time) => {
    let count = left.length;
    let bytes = compact(time, new Map(left), 4);
    while (bytes === undefined || bytes.length > maxBytes) {
      count = Math.min(
        Math.floor(count * 0.97),
        Math.floor((count * 1.02 * maxBytes) / (bytes?.length ?? maxBytes)),
      );
      bytes = compact(time, new Map(left.slice(0, count)), 4);
    }
    left = left.slice(count);
    return text(bytes);
  });
  if (left.length > 0)
    throw new MillraceError(
      `the ${numbers.size} times of windowed stores do not fit beside the offsets of ${partitionTimes.length} ` +
        "source partitions: split the sub-topology, by a repartition or by an application of its own",
      { code: "OFFSET_METADATA" },
    );
  return encoded;
};

/** Undefined where they are too many. */
const namedEntries = (numbers: ReadonlyMap<string, number>): Buffer | undefined => {
  if (numbers.size === 0) return nothing;
  let size = 4;
  for (const name of numbers.keys()) size += 4 + Buffer.byteLength(name) + 8;
  if (header + size > maxBytes) return undefined;
  const bytes = Buffer.alloc(size);
  let at = bytes.writeInt32BE(numbers.size);
  for (const [name, value] of numbers) {
    const length = bytes.write(name, at + 4);
    bytes.writeInt32BE(length, at);
    writeInt64(bytes, at + 4 + length, value);
    at += 4 + length + 8;
  }
  return bytes;
};

const readNamed = (bytes: Buffer): ReadonlyMap<string, number> => {
  const named = new Map<string, number>();
  if (bytes.length < 4) return named;
  let at = 4;
  for (let left = bytes.readInt32BE(0); left > 0 && at + 4 <= bytes.length; left--) {
    const length = bytes.readInt32BE(at);
    const end = at + 4 + length;
    if (length < 0 || end + 8 > bytes.length) break;
    named.set(bytes.toString("utf8", at + 4, end), readInt64(bytes, end));
    at = end + 8;
  }
  return named;
};

const readCompact = (bytes: Buffer, partitionTime: number): readonly HashedNumbers[] => {
  if (!bytes.subarray(0, ours.length).equals(ours)) return [];
  try {
    const numbers = decodeCompactNumbers(bytes.subarray(ours.length), partitionTime);
    return numbers === undefined ? [] : [numbers];
  } catch {
    // Cut short: nobody wrote this, and as on the JVM it counts as none.
    return [];
  }
};
