import { expect, test } from "vitest";
import { jsonText } from "./json-text.ts";

test.each([
  [{ a: 1n, b: Number.NaN }, '{"a":"1","b":"NaN"}'],
  [Buffer.from([0, 255]), '"0x00ff"'],
  [[new Uint8Array([1])], '["0x01"]'],
  [new Map([["a", new Set([1])]]), '[["a",[1]]]'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [undefined, "null"],
])("writes %o as JSON", (value, text) => {
  expect(jsonText(value)).toBe(text);
});
