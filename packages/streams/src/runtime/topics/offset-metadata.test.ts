import fc from "fast-check";
import { expect, test } from "vitest";
import { CommittedNumbers } from "./committed-numbers.ts";
import { decodeOffsetMetadata, encodeOffsetMetadata } from "./offset-metadata.ts";

/** `offset.metadata.max.bytes` of brokers. */
const brokersTake = 4_096;

// Written by Kafka Streams 4.1.1's TopicPartitionMetadata.
const ofTheJvm = [
  ["AgAAAZquAqQB", 1_763_856_000_001, new Map()],
  ["Av//////////", -1, new Map()],
  [
    "AgAAAAAAAAAFAAAAAgAAABxLU1RSRUFNLUFHR1JFR0FURS0wMDAwMDAwMDAyAAABmq4CpAUAAAADYsOpAAAAAAAAAAc=",
    5,
    new Map([
      ["KSTREAM-AGGREGATE-0000000002", 1_763_856_000_005],
      ["bé", 7],
    ]),
  ],
] as const;

test.for(ofTheJvm)("is written and read as on the JVM: %s", ([text, partitionTime, numbers]) => {
  expect(encodeOffsetMetadata([partitionTime], numbers)).toEqual([text]);
  const read = decodeOffsetMetadata(text);
  expect(read.partitionTime).toBe(partitionTime);
  expect(read.numbers.named).toEqual(numbers);
});

/** What is read of a task's partitions together. */
const readAll = (texts: readonly string[]): CommittedNumbers =>
  CommittedNumbers.merged(texts.map((text) => decodeOffsetMetadata(text).numbers));

test(
  "reads what it wrote, however much, in one partition or in several, and never more than brokers take",
  { timeout: 60_000 },
  () => {
    const times = fc.integer({ min: 0, max: 2 ** 52 });
    const close = fc.integer({ min: 1_763_856_000_000, max: 1_763_866_000_000 });
    const names = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(times, fc.constant(-1)), { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(
          fc.tuple(names, fc.oneof({ arbitrary: close, weight: 20 }, { arbitrary: times, weight: 1 })),
          {
            maxLength: 300,
            selector: ([name]) => name,
            size: "max",
          },
        ),
        (partitionTimes, entries) => {
          const texts = encodeOffsetMetadata(partitionTimes, new Map(entries));
          expect(texts.map((text) => decodeOffsetMetadata(text).partitionTime)).toEqual(partitionTimes);
          for (const text of texts) expect(text.length).toBeLessThanOrEqual(brokersTake);
          const read = readAll(texts);
          for (const [name, value] of entries) expect(read.get(name)).toBe(value);
        },
      ),
      { numRuns: 30 },
    );
  },
);

test("a number that was never set is not written", () => {
  expect(encodeOffsetMetadata([5], new Map([["windows", -1]]))).toEqual(encodeOffsetMetadata([5], new Map()));
});

/** Two numbers for each windowed store: how far it is closed, and its stream time. */
const windowed = (stores: number, at: (number: number) => number): ReadonlyMap<string, number> =>
  new Map(
    Array.from({ length: 2 * stores }, (_, number) => [
      `bookings-of-a-location-by-hour-${number >> 1}${number % 2 === 0 ? "" : "-stream-time"}`,
      at(number),
    ]),
  );

const day = 86_400_000;

test("holds 200 windowed stores beside a single partition's offset, though each is at another time", () => {
  const now = 1_763_856_000_000;
  for (const numbers of [
    windowed(200, () => now - 5),
    windowed(200, (number) => now - number * 997),
    windowed(200, (number) => now - number * day + number),
  ]) {
    const [text = ""] = encodeOffsetMetadata([now], numbers);
    expect(text.length).toBeLessThanOrEqual(brokersTake);
    const { numbers: read, partitionTime } = decodeOffsetMetadata(text);
    expect(partitionTime).toBe(now);
    for (const [name, value] of numbers) expect(read.get(name)).toBe(value);
    expect(read.get("another")).toBeUndefined();
  }
});

test("the JVM reads the time of a partition that has more numbers than fit its layout", () => {
  const [text = ""] = encodeOffsetMetadata(
    [77],
    windowed(100, () => 70),
  );
  const bytes = Buffer.from(text, "base64");
  // Version 1 is a time, and whatever follows is passed over.
  expect(bytes[0]).toBe(1);
  expect(bytes.readBigInt64BE(1)).toBe(77n);
});

test("spreads over a task's partitions what is too much for one", () => {
  const numbers = windowed(600, (number) => number * day);
  const texts = encodeOffsetMetadata([5, 6, 7, 8], numbers);
  const read = readAll(texts);
  for (const [name, value] of numbers) expect(read.get(name)).toBe(value);
});

test("says what to do about what fits nowhere", () => {
  expect(() =>
    encodeOffsetMetadata(
      [5],
      windowed(900, (number) => number * day),
    ),
  ).toThrow(expect.objectContaining({ code: "OFFSET_METADATA", message: expect.stringContaining("split") }));
});

test("of what two partitions say of a number the greater counts", () => {
  const [older = ""] = encodeOffsetMetadata([1], new Map([["windows", 5]]));
  const [newer = ""] = encodeOffsetMetadata([1], new Map([["windows", 9]]));
  expect(readAll([newer, older]).get("windows")).toBe(9);
});

test.for(["", "garbage", "consumer at 12:00", "AQ==", "AgAAAZquAqQBAAAAAgAAABxL", "AQAAAAAAAAAFTVIBBAA="])(
  "takes other clients' metadata for none, and never throws: %s",
  (text) => {
    expect(decodeOffsetMetadata(text).numbers.named.size).toBe(0);
    expect(decodeOffsetMetadata(text).numbers.get("windows")).toBeUndefined();
  },
);
