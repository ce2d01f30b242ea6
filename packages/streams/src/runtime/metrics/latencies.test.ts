import { expect, test } from "vitest";
import { Latencies } from "./latencies.ts";

const second = 1_000;

test("has the extremes and the mean of the last 30 to 60 seconds, and all of them in its histogram", () => {
  const latencies = new Latencies();
  latencies.turn(1_000 * second);
  expect(latencies.recent(1_000 * second)).toBeUndefined();
  for (const ms of [10, 30]) latencies.add(ms);
  expect(latencies.recent(1_001 * second)).toEqual({ min: 10, avg: 20, max: 30, count: 2 });
  latencies.turn(1_031 * second);
  latencies.add(5);
  expect(latencies.recent(1_032 * second)).toEqual({ min: 5, avg: 15, max: 30, count: 3 });
  latencies.turn(1_062 * second);
  expect(latencies.recent(1_062 * second)).toEqual({ min: 5, avg: 5, max: 5, count: 1 });
  expect(latencies.recent(1_200 * second)).toBeUndefined();
  expect(latencies.histogram.count).toBe(3);
});

test("takes a record from the future for one of now", () => {
  const latencies = new Latencies();
  latencies.add(-5 * second);
  expect(latencies.recent(0)).toEqual({ min: 0, avg: 0, max: 0, count: 1 });
});
