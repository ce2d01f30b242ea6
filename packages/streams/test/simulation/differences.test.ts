import { expect, test } from "vitest";
import { differences } from "./differences.ts";
import type { Expectation } from "./workload.ts";

const told = (
  how: Expectation["how"],
  actual: readonly string[],
  expected: readonly string[],
  possible: readonly string[] = expected,
): readonly string[] =>
  differences("out", how, new Map([["k", actual]]), new Map([["k", expected]]), new Map([["k", possible]]));

test("what differs is told by key, and nothing where nothing does", () => {
  expect(told("all", ["a", "b"], ["a", "b"])).toEqual([]);
  expect(told("all", ["a", "c", "a"], ["a", "b"])).toEqual(["out k: missing b, extra c a, of a c a"]);
  expect(told("all", ["b", "a"], ["a", "b"])).toEqual(["out k: in the wrong order: b a"]);
  expect(told("set", ["b", "a"], ["a", "b"])).toEqual([]);
  expect(told("set", ["b", "b"], ["a", "b"])).toEqual(["out k: missing a, extra b, of b b"]);
  expect(differences("out", "all", new Map([["x", ["1"]]]), new Map([["k", ["1"]]]))).toEqual([
    "out k: missing 1, of nothing",
    "out x: unexpected 1",
  ]);
});

test("the last value counts, and whether it rose to it, or reached it, or adds up", () => {
  expect(told("latest", ["1", "2"], ["2"])).toEqual([]);
  expect(told("latest", ["2", "1"], ["2"])).toEqual(["out k: ends with 1, expected 2: 2 1"]);
  expect(told("rising", ["1", "1", "2"], ["2"])).toEqual(["out k: does not rise at the 2th: 1 1 2"]);
  expect(told("sum", ["1", "2"], ["3"])).toEqual([]);
  expect(told("sum", ["1", "3"], ["3"])).toEqual(["out k: adds up to 4, expected 3"]);
  expect(told("reaches", ["1", "5"], ["3"])).toEqual([]);
  expect(told("reaches", ["1"], ["3"])).toEqual(["out k: ends with 1, expected 3 or more"]);
  expect(told("reaches", [], ["3"])).toEqual(["out k: ends with nothing, expected 3 or more"]);
});

test("what was left comes once, or as often as it likes, and what was lost at most so", () => {
  expect(told("once", ["b", "a"], ["b"], ["a", "b"])).toEqual([]);
  expect(told("once", ["b"], ["b"], ["a", "b"])).toEqual([]);
  expect(told("once", ["a"], ["b"], ["a", "b"])).toEqual(["out k: missing b, of a"]);
  expect(told("once", ["b", "b"], ["b"], ["a", "b"])).toEqual(["out k: extra b, of b b"]);
  expect(told("covers", ["b", "a", "b"], ["b"], ["a", "b"])).toEqual([]);
  expect(told("covers", ["a", "x"], ["b"], ["a", "b"])).toEqual(["out k: missing b, extra x, of a x"]);
});
