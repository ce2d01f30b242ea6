import { expect, test } from "vitest";
import { ActionTimes } from "./action-times.ts";

test("two actions on a booking within a millisecond have different times", () => {
  let now = 1_000;
  const times = new ActionTimes(() => now);
  expect([times.next("a"), times.next("b"), times.next("a"), times.next("a")]).toEqual([
    1_000, 1_000, 1_001, 1_002,
  ]);
  now = 1_002;
  expect([times.next("a"), times.next("b")]).toEqual([1_003, 1_002]);
  now = 1_004;
  expect(times.next("a")).toBe(1_004);
});

test("a clock that is set back does not reorder the actions on a booking", () => {
  let now = 5_000;
  const times = new ActionTimes(() => now);
  times.next("a");
  now = 4_000;
  expect([times.next("a"), times.next("b")]).toEqual([5_001, 4_000]);
});
