import { bigint, int, json, string } from "@millrace/streams";
import { expect, test } from "vitest";
import { textKeys } from "./text-keys.ts";

test("a text is a key of a store of strings as it stands, whatever it looks like", () => {
  expect(textKeys(string(), "hall-1")).toEqual(["hall-1"]);
  expect(textKeys(string(), "42")).toEqual(["42"]);
  expect(textKeys(string(), '"42"')).toEqual(['"42"', "42"]);
});

test("and a number, a bigint or an object where those are the keys", () => {
  expect(textKeys(int(), "42")).toEqual([42]);
  expect(textKeys(bigint(), "9007199254740993")).toEqual([9007199254740993n]);
  expect(textKeys(json(), '{"a":1}')).toEqual([{ a: 1 }, '{"a":1}']);
});

test("what the serde would not read back is no key", () => {
  expect(textKeys(int(), "hall-1")).toEqual([]);
  expect(textKeys(int(), "1e99")).toEqual([]);
});
