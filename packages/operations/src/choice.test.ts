import { expect, test } from "vitest";
import { type Choice, rangesOf } from "./choice.ts";

const at = (...places: readonly (readonly [partition: number, offset: number])[]): Choice => ({
  by: "place",
  places: places.map(([partition, offset]) => ({ partition, offset })),
});

test("reads no more of the topic than the places need", () => {
  const ranges = [
    { partition: 0, from: 3, to: 90 },
    { partition: 1, from: 5, to: 5 },
  ];
  expect(rangesOf({ by: "all" }, "dead", ranges)).toBe(ranges);
  expect(rangesOf(at([0, 40], [0, 7]), "dead", ranges)).toEqual([{ partition: 0, from: 7, to: 41 }]);
  expect(() => rangesOf(at([0, 2]), "dead", ranges)).toThrow(
    'there is no dead letter 0:2 in "dead": the partition holds offsets 3 to 89',
  );
  expect(() => rangesOf(at([1, 5]), "dead", ranges)).toThrow(/the partition is empty/);
  expect(() => rangesOf(at([2, 0]), "dead", ranges)).toThrow(/partitions 0 to 1/);
});
