import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram, summedHistograms } from "./histogram.ts";

const durations = fc.array(
  fc.oneof(
    fc.double({ min: 0, max: 100_000, noNaN: true }),
    fc.integer({ min: 0, max: 2 ** 40 }),
    fc.constantFrom(0, 1, 2, 3, 4, 1_024, 1_025, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1),
  ),
);

test("finds for each duration the bucket that a search would find", () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 1, max: 31 }), (all, buckets) => {
      const histogram = new Histogram(buckets);
      for (const ms of all) histogram.add(ms);
      const { bounds, counts, count } = histogram.value;
      const expected = Array.from({ length: buckets + 1 }, () => 0);
      for (const ms of all) {
        const at = bounds.findIndex((bound) => ms <= bound * 1_000);
        expected[at < 0 ? buckets : at] = (expected[at < 0 ? buckets : at] ?? 0) + 1;
      }
      expect(counts).toEqual(expected);
      expect(count).toBe(all.length);
    }),
  );
});

test("has bounds and sum in seconds", () => {
  const histogram = new Histogram(3);
  histogram.add(1.5);
  histogram.add(500);
  expect(histogram.value).toEqual({
    bounds: [0.001, 0.002, 0.004],
    counts: [0, 1, 0, 1],
    count: 2,
    sum: 0.5015,
  });
});

test("sums several", () => {
  const [one, other] = [new Histogram(2), new Histogram(2)];
  one.add(1);
  other.add(2);
  other.add(9);
  expect(summedHistograms([one.value, other.value])).toEqual({
    bounds: [0.001, 0.002],
    counts: [1, 1, 1],
    count: 3,
    sum: 0.012,
  });
});
