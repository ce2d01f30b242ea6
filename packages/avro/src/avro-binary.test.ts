import { expect, test } from "vitest";
import { avroBinary } from "./avro-binary.ts";

interface Tally {
  readonly count: number;
  readonly last: { readonly at: number } | null;
}
const serde = avroBinary<Tally>({
  type: "record",
  name: "Tally",
  fields: [
    { name: "count", type: "int" },
    {
      name: "last",
      type: ["null", { type: "record", name: "Last", fields: [{ name: "at", type: "long" }] }],
    },
  ],
});

test("writes the bare value, and reads it back as plain objects", () => {
  const value = { count: 2, last: { at: -1 } };
  const bytes = Buffer.from(serde.serialize(value) ?? []);
  expect(bytes.toString("hex")).toBe("040201");
  expect(serde.deserialize(bytes, 0, bytes.length)).toStrictEqual(value);
});

test("refuses null, too few bytes and too many", () => {
  const bytes = Buffer.from("040201ff", "hex");
  expect(() => serde.deserialize(bytes, -1, -1)).toThrow(/null/);
  expect(() => serde.deserialize(bytes, 0, 2)).toThrow(/cut off/);
  expect(() => serde.deserialize(bytes, 0, 4)).toThrow(/1 more bytes follow the 3/);
});

test.each(["constructor", "toString", "__proto__"])(
  "a field called %s is the value's own, or its default",
  (name) => {
    const named = avroBinary<Record<string, string>>({
      type: "record",
      name: "Named",
      fields: [{ name, type: "string", default: "d" }],
    });
    const read = (value: Record<string, string>) => {
      const bytes = Buffer.from(named.serialize(value) ?? []);
      return Object.entries(named.deserialize(bytes, 0, bytes.length));
    };
    expect(read({})).toEqual([[name, "d"]]);
    expect(read(JSON.parse(`{"${name}":"x"}`) as Record<string, string>)).toEqual([[name, "x"]]);
  },
);

test.each([1n, Symbol("x"), Object.create(null), {}, true, ""])(
  "%o is no int, and has the code of that",
  (value) => {
    const bare = avroBinary<{ n: unknown }>({
      type: "record",
      name: "Bare",
      fields: [{ name: "n", type: "int" }],
    });
    expect(() => bare.serialize({ n: value })).toThrow(
      expect.objectContaining({
        code: "DOES_NOT_FIT",
        message: expect.stringContaining("Bare.n is") as string,
      }),
    );
  },
);

test.each([
  ["a string", { text: "cut \ud83c" }, /Texts\.text.*half a surrogate pair/],
  ["a long string", { text: `${"x".repeat(100)}\udf9f` }, /Texts\.text.*half a surrogate pair/],
  ["a key of a map", { byName: { "\udf9f cut": 1 } }, /a key of Texts\.byName.*half a surrogate pair/],
])("refuses half a surrogate pair in %s, which would be read as another character", (_, value, message) => {
  const texts = avroBinary<{ text?: string; byName?: Record<string, number> }>({
    type: "record",
    name: "Texts",
    fields: [
      { name: "text", type: "string", default: "" },
      { name: "byName", type: { type: "map", values: "int" }, default: {} },
    ],
  });
  expect(() => texts.serialize(value)).toThrow(expect.objectContaining({ code: "DOES_NOT_FIT" }));
  expect(() => texts.serialize(value)).toThrow(message);
  expect(texts.serialize({ text: "whole 🎟", byName: { "🎟": 1 } })).not.toBeNull();
});
