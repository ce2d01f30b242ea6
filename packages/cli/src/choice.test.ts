import { expect, test } from "vitest";
import { parseChoice, rangesOf } from "./choice.ts";

test("wants exactly one way of choosing", () => {
  expect(() => parseChoice({})).toThrow(/either --at PARTITION:OFFSET .* or --reason CODE, or --all$/);
  expect(() => parseChoice({ all: true, reason: "X" })).toThrow(/only one of these/);
  expect(() => parseChoice({ at: ["7"] })).toThrow(/--at is "7"; it must be PARTITION:OFFSET, such as 0:42/);
  expect(parseChoice({ at: ["0:4", "1:2"] })).toEqual({
    by: "place",
    places: [
      { partition: 0, offset: 4 },
      { partition: 1, offset: 2 },
    ],
  });
});

test("reads no more of the topic than the places need", () => {
  const ranges = [
    { partition: 0, from: 3, to: 90 },
    { partition: 1, from: 5, to: 5 },
  ];
  expect(rangesOf(parseChoice({ all: true }), "dead", ranges)).toBe(ranges);
  expect(rangesOf(parseChoice({ at: ["0:40", "0:7"] }), "dead", ranges)).toEqual([
    { partition: 0, from: 7, to: 41 },
  ]);
  expect(() => rangesOf(parseChoice({ at: ["0:2"] }), "dead", ranges)).toThrow(
    'there is no dead letter 0:2 in "dead": the partition holds offsets 3 to 89',
  );
  expect(() => rangesOf(parseChoice({ at: ["1:5"] }), "dead", ranges)).toThrow(/the partition is empty/);
  expect(() => rangesOf(parseChoice({ at: ["2:0"] }), "dead", ranges)).toThrow(/partitions 0 to 1/);
});
