import { expect, test } from "vitest";
import { avroBinary } from "./avro-binary.ts";
import type { AvroSchema } from "./avro-schema.ts";

const code = (schema: AvroSchema, hex: string): unknown => {
  const bytes = Buffer.from(hex, "hex");
  try {
    return avroBinary<unknown>(schema).deserialize(bytes, 0, bytes.length);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const longs: AvroSchema = { type: "array", items: "long" };
const nulls: AvroSchema = { type: "array", items: "null" };

test("believes a block's count only as far as the record's bytes go", () => {
  expect(code(longs, "8080808002")).toBe("TRUNCATED");
  expect(code(longs, "80808080808080808002")).toBe("MALFORMED");
  expect(code({ type: "map", values: "null" }, "8080808002")).toBe("TRUNCATED");
  expect(code({ type: "array", items: { type: "fixed", name: "F", size: 2 ** 31 - 1 } }, "02")).toBe(
    "TRUNCATED",
  );
  expect(code("string", "feffffff0f61")).toBe("TRUNCATED");
  expect(code("bytes", "feffffff0f61")).toBe("TRUNCATED");
  expect(code("bytes", "01")).toBe("MALFORMED");
});

test("bounds items that take no bytes, over the whole value", () => {
  expect(code(nulls, "d00f00")).toHaveLength(1_000);
  expect(code(nulls, "80808080808010")).toBe("MALFORMED");
  expect(
    code({ type: "array", items: { type: "record", name: "Empty", fields: [] } }, "80808080808010"),
  ).toBe("MALFORMED");
  // 60,000 nulls, twice.
  const twice = "c0a907c0a907";
  expect(code(nulls, twice + "00")).toBe("MALFORMED");
  expect(code({ type: "array", items: nulls }, "04c0a90700c0a9070000")).toBe("MALFORMED");
});

const deep = (levels: number): string => `${"02".repeat(levels - 1)}00`;

test("bounds nesting", () => {
  const list: AvroSchema = {
    type: "record",
    name: "List",
    fields: [{ name: "next", type: ["null", "List"] }],
  };
  expect(code(list, deep(900))).toHaveProperty("next.next.next");
  expect(code(list, deep(100_000))).toBe("MALFORMED");
  const endless: AvroSchema = {
    type: "record",
    name: "Endless",
    fields: [{ name: "again", type: "Endless" }],
  };
  expect(code(endless, "")).toBe("MALFORMED");
  const cyclic: { next: unknown } = { next: null };
  cyclic.next = cyclic;
  expect(() => avroBinary(list).serialize(cyclic)).toThrow(/nested more than 1000 levels/);
});

const decimalOf = (schema: AvroSchema<string>, unscaled: Buffer): unknown => {
  const bytes = Buffer.from(avroBinary<Buffer>("bytes").serialize(unscaled) ?? []);
  try {
    return avroBinary<string>(schema, { decimals: "string" }).deserialize(bytes, 0, bytes.length);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test("bounds the bytes of a decimal that is read as text, as that would take minutes", () => {
  const decimal = { type: "bytes", logicalType: "decimal", precision: 6, scale: 2 } as const;
  expect(decimalOf(decimal, Buffer.alloc(1_000_000, 0x77))).toBe("MALFORMED");
  // More digits than the schema promises are digits all the same, as in Java.
  expect(decimalOf(decimal, Buffer.from("7fffffffffffffff", "hex"))).toBe("92233720368547758.07");
  expect(decimalOf({ ...decimal, precision: 5_000 }, Buffer.alloc(2_000, 0x77))).toHaveLength(4_818);
});

test("refuses numbers, booleans, branches and symbols that are none", () => {
  expect(code("int", "ffffffff0f")).toBe(-(2 ** 31));
  expect(code("int", "ffffffff1f")).toBe("MALFORMED");
  expect(code("int", "ffffffffff0f")).toBe("MALFORMED");
  expect(code("long", "ffffffffffffffffff02")).toBe("MALFORMED");
  expect(code("boolean", "02")).toBe("MALFORMED");
  expect(code(["null", "int"], "04")).toBe("MALFORMED");
  expect(code(["null", "int"], "01")).toBe("MALFORMED");
  expect(code({ type: "enum", name: "E", symbols: ["A"] }, "02")).toBe("MALFORMED");
  expect(code({ type: "enum", name: "E", symbols: ["A"] }, "01")).toBe("MALFORMED");
});

test("reads the size that follows a negative count", () => {
  expect(code(longs, "0304020400")).toEqual([1, 2]);
  expect(code(longs, "03")).toBe("TRUNCATED");
  expect(code(longs, "0301")).toBe("MALFORMED");
  expect(code(longs, "03feffffff0f")).toBe("TRUNCATED");
});

test("refuses a schema that is nested too deeply to be read, with an error of ours", () => {
  let schema: AvroSchema = "int";
  for (let level = 0; level < 5_000; level++) schema = { type: "array", items: schema };
  expect(() => avroBinary(schema)).toThrow(expect.objectContaining({ code: "INVALID_SCHEMA" }));
  let union: AvroSchema = "int";
  for (let level = 0; level < 200; level++) union = { type: "map", values: ["null", union] };
  expect(avroBinary<unknown>(union).serialize({ a: null })).toEqual(Buffer.from("0202610000", "hex"));
});
