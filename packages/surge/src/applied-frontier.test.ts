import { expect, test } from "vitest";
import { AppliedFrontier } from "./applied-frontier.ts";

const at = (offset: number, partition = 0) => ({ topicId: "t", partition, offset });

test("asks until nothing has been applied for 10,000 records", () => {
  const frontier = new AppliedFrontier();
  expect(frontier.worthAsking(at(500))).toBe(true);
  expect(frontier.worthAsking(at(10_499))).toBe(true);
  expect(frontier.worthAsking(at(10_500))).toBe(false);
  // The last of them was.
  frontier.applied(at(10_499));
  expect(frontier.worthAsking(at(10_500))).toBe(true);
  expect(frontier.worthAsking(at(20_499))).toBe(false);
});

test("asks anew where a partition comes back, from before or from far ahead", () => {
  const frontier = new AppliedFrontier();
  frontier.worthAsking(at(0));
  expect(frontier.worthAsking(at(10_000))).toBe(false);
  // Records wait for others of their key.
  expect(frontier.worthAsking(at(9_000))).toBe(true);
  expect(frontier.worthAsking(at(10_001))).toBe(false);
  expect(frontier.worthAsking(at(20_002))).toBe(true);
  expect(frontier.worthAsking(at(30_001))).toBe(true);
  expect(frontier.worthAsking(at(30_002))).toBe(false);
  expect(frontier.worthAsking(at(5))).toBe(true);
  expect(frontier.worthAsking(at(10_004))).toBe(true);
});

test("knows partitions and topics apart", () => {
  const frontier = new AppliedFrontier();
  frontier.worthAsking(at(0));
  expect(frontier.worthAsking(at(10_000))).toBe(false);
  expect(frontier.worthAsking(at(10_000, 1))).toBe(true);
  expect(frontier.worthAsking({ ...at(10_000), topicId: "another" })).toBe(true);
});
