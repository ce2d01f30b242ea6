import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeOffsetMetadata, encodeOffsetMetadata } from "./offset-metadata.ts";

// Written by Kafka Streams 4.1.1's TopicPartitionMetadata.
const ofTheJvm = [
  ["AgAAAZquAqQB", { partitionTime: 1_763_856_000_001, processors: new Map() }],
  ["Av//////////", { partitionTime: -1, processors: new Map() }],
  [
    "AgAAAAAAAAAFAAAAAgAAABxLU1RSRUFNLUFHR1JFR0FURS0wMDAwMDAwMDAyAAABmq4CpAUAAAADYsOpAAAAAAAAAAc=",
    {
      partitionTime: 5,
      processors: new Map([
        ["KSTREAM-AGGREGATE-0000000002", 1_763_856_000_005],
        ["bé", 7],
      ]),
    },
  ],
] as const;

test.for(ofTheJvm)("is written and read as on the JVM: %s", ([text, metadata]) => {
  expect(encodeOffsetMetadata(metadata)).toBe(text);
  expect(decodeOffsetMetadata(text)).toEqual(metadata);
});

test("reads what it wrote", () => {
  const times = fc.integer({ min: -1, max: 2 ** 52 });
  fc.assert(
    fc.property(
      times,
      fc.array(fc.tuple(fc.string({ unit: "grapheme" }), times)),
      (partitionTime, entries) => {
        const metadata = { partitionTime, processors: new Map(entries) };
        expect(decodeOffsetMetadata(encodeOffsetMetadata(metadata))).toEqual(metadata);
      },
    ),
  );
});

test.for(["", "garbage", "consumer at 12:00", "AQ==", "AgAAAZquAqQBAAAAAgAAABxL"])(
  "takes other clients' metadata for none, and never throws: %s",
  (text) => {
    expect(decodeOffsetMetadata(text).processors.size).toBe(0);
  },
);
