import { expect, test } from "vitest";
import { avro, type AvroOptions } from "./avro.ts";
import { avroBinary } from "./avro-binary.ts";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { memorySchemaRegistry } from "./memory-schema-registry.ts";

const empty = Buffer.alloc(0);
const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (error instanceof AvroError) return error.code;
    throw error;
  }
};

/** Reads as `reader` what was written as `writer`; the code of the error where it can't be. */
const evolving = async (
  writer: AvroSchema,
  reader: AvroSchema,
  options: Partial<AvroOptions<unknown>> = {},
): Promise<(value: unknown) => unknown> => {
  const registry = memorySchemaRegistry();
  const writing = avro<unknown>({ registry, schema: writer, ...options });
  await writing.start?.({ topic: "t", part: "value", use: "sink" });
  const reading = avro<unknown>({ registry, schema: reader, ...options });
  return (value) =>
    codeOf(() => {
      const bytes = writing.serialize(value);
      return bytes === null
        ? reading.deserialize(empty, -1, -1)
        : reading.deserialize(Buffer.from(bytes), 0, bytes.length);
    });
};
const record = (name: string, ...fields: readonly object[]): AvroSchema => ({ type: "record", name, fields });
const enumOf = (symbols: readonly string[], fallback?: string): AvroSchema => ({
  type: "enum",
  name: "Kind",
  symbols,
  ...(fallback !== undefined && { default: fallback }),
});

test("of a wider enum, only the record with the unknown symbol can't be read", async () => {
  const read = await evolving(
    record("R", { name: "kind", type: enumOf(["A", "B", "C"]) }),
    record("R", { name: "kind", type: enumOf(["B", "A"]) }),
  );
  expect(read({ kind: "A" })).toEqual({ kind: "A" });
  expect(read({ kind: "B" })).toEqual({ kind: "B" });
  expect(read({ kind: "C" })).toBe("INCOMPATIBLE_SCHEMA");
  expect(read({ kind: "A" })).toEqual({ kind: "A" });
});

test("an unknown symbol is the default of the reader's enum, where it has one", async () => {
  const read = await evolving(enumOf(["A", "B", "C"]), enumOf(["A", "OTHER"], "OTHER"));
  expect(["A", "B", "C"].map(read)).toEqual(["A", "OTHER", "OTHER"]);
});

test("of a wider union, only the record with the unknown branch can't be read", async () => {
  const read = await evolving(["null", "string", "boolean"], ["null", "string"]);
  expect([null, "a", true, "b"].map(read)).toEqual([null, "a", "INCOMPATIBLE_SCHEMA", "b"]);
  const plain = await evolving(["null", "string"], "string");
  expect([null, "a"].map(plain)).toEqual(["NULL_PAYLOAD", "a"]);
  const inner = await evolving(
    { type: "array", items: ["null", "string"] },
    { type: "array", items: "string" },
  );
  expect([[null], ["a"]].map(inner)).toEqual(["INCOMPATIBLE_SCHEMA", ["a"]]);
  const wider = await evolving("string", ["null", "string"]);
  expect(wider("a")).toBe("a");
});

test("what does not fit inside an array or a map is met by the records that have such items", async () => {
  const array = await evolving({ type: "array", items: "string" }, { type: "array", items: "int" });
  expect([[], ["a"]].map(array)).toEqual([[], "INCOMPATIBLE_SCHEMA"]);
  const map = await evolving({ type: "map", values: "boolean" }, { type: "map", values: "bytes" });
  expect([{}, { a: true }].map(map)).toEqual([{}, "INCOMPATIBLE_SCHEMA"]);
});

test("a writer's defaults say nothing, valid or not", async () => {
  const registry = memorySchemaRegistry();
  const reading = avro<unknown>({
    registry,
    schema: record("R", { name: "note", type: ["null", "string"], default: null }),
  });
  const written = JSON.stringify(
    record(
      "R",
      { name: "note", type: ["string", "null"], default: 5 },
      { name: "n", type: "int", default: "x" },
    ),
  );
  const bytes = Buffer.from("000000000100026106", "hex");
  const foreign = avro<unknown>({
    registry: { ...registry, writerSchema: () => ({ schemaType: "AVRO", schema: written, references: [] }) },
    schema: record("R", { name: "note", type: ["null", "string"], default: null }),
  });
  expect(foreign.deserialize(bytes, 0, bytes.length)).toEqual({ note: "a" });
  expect(reading.name).toBe("avro R");
});

test("a default may be of any branch of its union, as since Avro 1.12", async () => {
  const read = await evolving(
    record("R"),
    record("R", { name: "note", type: ["string", "null"], default: null }),
  );
  expect(read({})).toEqual({ note: null });
  expect(() =>
    avro({ registry: memorySchemaRegistry(), schema: record("R", { name: "n", type: "int", default: "x" }) }),
  ).toThrow(/default of "n" in "R" is no value of its type/);
});

test("defaults of all kinds are made anew for each record", async () => {
  const fields = [
    { name: "list", type: { type: "array", items: "int" }, default: [1, 2] },
    { name: "map", type: { type: "map", values: ["null", "string"] }, default: { a: null, b: "x" } },
    { name: "bytes", type: "bytes", default: "\u00ff\u0001" },
    { name: "fixed", type: { type: "fixed", name: "F", size: 2 }, default: "ab" },
    {
      name: "inner",
      type: { type: "record", name: "I", fields: [{ name: "f", type: "float", default: 0.1 }] },
      default: {},
    },
    { name: "nan", type: "double", default: "NaN" },
    { name: "__proto__", type: "int", default: 3 },
  ];
  const read = await evolving(record("R"), record("R", ...fields));
  const first = read({}) as { list: number[] };
  expect(first).toEqual({
    list: [1, 2],
    map: { a: null, b: "x" },
    bytes: Buffer.from([255, 1]),
    fixed: Buffer.from("ab"),
    inner: { f: Math.fround(0.1) },
    nan: Number.NaN,
    ["__proto__"]: 3,
  });
  expect(Object.getPrototypeOf(first)).toBe(Object.prototype);
  first.list.push(3);
  expect((read({}) as { list: number[] }).list).toEqual([1, 2]);
});

test("null is a tombstone where it is a value of the schema, and an error elsewhere", async () => {
  const registry = memorySchemaRegistry();
  const either = avro<string | null>({ registry, schema: ["null", "string"] });
  await either.start?.({ topic: "t", part: "value", use: "sink" });
  expect(either.serialize(null)).toBeNull();
  expect(either.deserialize(empty, -1, -1)).toBeNull();
  // Written as Avro's null by somebody else.
  expect(either.deserialize(Buffer.from("000000000100", "hex"), 0, 6)).toBeNull();
  expect(avroBinary<null>("null").serialize(null)).toBeNull();
  expect(codeOf(() => avroBinary("string").deserialize(empty, -1, -1))).toBe("NULL_PAYLOAD");
});

test("names are compared as Java compares them: records not at all, enums and fixed by their last part", async () => {
  const renamed = await evolving(
    { type: "record", name: "old.Booking", fields: [{ name: "id", type: "string" }] },
    { type: "record", name: "fresh.Reservation", fields: [{ name: "id", type: "string" }] },
  );
  expect(renamed({ id: "a" })).toEqual({ id: "a" });
  const namespaces = await evolving(
    { type: "enum", name: "a.Kind", symbols: ["A"] },
    { type: "enum", name: "b.Kind", symbols: ["A"] },
  );
  expect(namespaces("A")).toBe("A");
  const other = await evolving(
    { type: "fixed", name: "a.Hash", size: 1 },
    { type: "fixed", name: "a.Sum", size: 1 },
  );
  expect(other(Buffer.from([1]))).toBe("INCOMPATIBLE_SCHEMA");
  const alias = await evolving(
    { type: "fixed", name: "a.Hash", size: 1 },
    { type: "fixed", name: "a.Sum", size: 1, aliases: ["Hash"] },
  );
  expect(alias(Buffer.from([1]))).toEqual(Buffer.from([1]));
});

test("fields are found by their aliases", async () => {
  const read = await evolving(
    record("R", { name: "attendees", type: "int" }),
    record("R", { name: "guests", type: "long", aliases: ["attendees"] }),
  );
  expect(read({ attendees: 3 })).toEqual({ guests: 3 });
});

test("reads schemas of any kind, recursive ones too", async () => {
  const tree = record(
    "Tree",
    { name: "value", type: "int" },
    { name: "children", type: { type: "array", items: "Tree" } },
  );
  const values: readonly (readonly [AvroSchema, unknown])[] = [
    ["null", null],
    ["boolean", true],
    ["int", -(2 ** 31)],
    ["long", Number.MAX_SAFE_INTEGER],
    ["long", -Number.MAX_SAFE_INTEGER],
    ["float", Math.fround(1.1)],
    ["double", Number.NEGATIVE_INFINITY],
    ["string", "ä".repeat(100)],
    ["bytes", Buffer.from([0, 255])],
    [{ type: "array", items: "string" }, ["a", "b"]],
    [
      { type: "map", values: { type: "array", items: "long" } },
      { a: [1], ["__proto__"]: [2] },
    ],
    [["null", { type: "map", values: "int" }, "string"], { a: 1 }],
    [{ type: "fixed", name: "F", size: 0 }, Buffer.alloc(0)],
    [
      tree,
      {
        value: 1,
        children: [
          { value: 2, children: [] },
          { value: 3, children: [{ value: 4, children: [] }] },
        ],
      },
    ],
    [record("Empty"), {}],
  ];
  for (const [schema, value] of values) expect((await evolving(schema, schema))(value)).toStrictEqual(value);
});

test("promotes numbers, strings and bytes", async () => {
  const pairs: readonly (readonly [string, string, unknown, unknown])[] = [
    ["int", "long", -5, -5],
    ["int", "float", 16_777_217, 16_777_216],
    ["int", "double", 3, 3],
    ["long", "float", 2 ** 40 + 1, 2 ** 40],
    ["long", "double", 2 ** 53 - 1, 2 ** 53 - 1],
    ["float", "double", Math.fround(0.1), Math.fround(0.1)],
    ["string", "bytes", "ä", Buffer.from("ä")],
    ["bytes", "string", Buffer.from("ä"), "ä"],
    ["long", "int", 1, "INCOMPATIBLE_SCHEMA"],
  ];
  for (const [writer, reader, value, expected] of pairs)
    expect((await evolving(writer, reader))(value), `${writer} as ${reader}`).toStrictEqual(expected);
});

test("a union with branches that JavaScript can't tell apart says which one a value is of", async () => {
  const union = [
    "null",
    record("a.X", { name: "x", type: "int" }),
    record("a.Y", { name: "x", type: "int" }),
    "int",
    "double",
  ] as const;
  const read = await evolving(union, union);
  for (const value of [null, { "a.X": { x: 1 } }, { "a.Y": { x: 1 } }, { int: 1 }, { double: 1 }])
    expect(read(value)).toStrictEqual(value);
  expect(read({ x: 1 })).toBe("DOES_NOT_FIT");
});

test("longs beyond 2^53 are errors, or bigints by choice", async () => {
  const registry = memorySchemaRegistry();
  const bytesOf = async (value: bigint): Promise<Buffer> => {
    const serde = avro<bigint>({ registry, schema: "long", longs: "bigint" });
    await serde.start?.({ topic: "t", part: "value", use: "sink" });
    return Buffer.from(serde.serialize(value) ?? []);
  };
  const asBigint = avro<bigint>({ registry, schema: "long", longs: "bigint" });
  const asNumber = avro<number>({ registry, schema: "long" });
  const asDouble = avro<number>({ registry, schema: "double" });
  for (const value of [0n, -1n, 63n, -64n, 64n, 2n ** 31n, 2n ** 53n - 1n, -(2n ** 53n) + 1n]) {
    const bytes = await bytesOf(value);
    expect(asBigint.deserialize(bytes, 0, bytes.length)).toBe(value);
    expect(asNumber.deserialize(bytes, 0, bytes.length)).toBe(Number(value));
  }
  for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
    const bytes = await bytesOf(value);
    expect(asBigint.deserialize(bytes, 0, bytes.length)).toBe(value);
    expect(codeOf(() => asNumber.deserialize(bytes, 0, bytes.length))).toBe("UNSAFE_LONG");
    expect(asDouble.deserialize(bytes, 0, bytes.length)).toBe(Number(value));
  }
  await expect(bytesOf(2n ** 63n)).rejects.toThrow(/bigint of 64 bits/);
});

test("decimals are bytes, or exact text by choice", async () => {
  const decimal: AvroSchema = { type: "bytes", logicalType: "decimal", precision: 6, scale: 2 };
  const fixed: AvroSchema = {
    type: "fixed",
    name: "D",
    size: 3,
    logicalType: "decimal",
    precision: 6,
    scale: 2,
  };
  const raw = await evolving(decimal, decimal);
  expect(raw(Buffer.from([0x04, 0xd2]))).toEqual(Buffer.from([0x04, 0xd2]));
  for (const schema of [decimal, fixed]) {
    const read = await evolving(schema, schema, { decimals: "string" });
    for (const value of ["12.34", "-12.34", "0.00", "-0.01", "9999.99", "1.28"])
      expect(read(value)).toBe(value);
    expect(read("7")).toBe("7.00");
    for (const bad of ["12.345", "12345.67", "1e3", "", "NaN", 5]) expect(read(bad)).toBe("DOES_NOT_FIT");
  }
  const rescaled = await evolving(decimal, { ...(decimal as object), scale: 3 }, { decimals: "string" });
  expect(rescaled("1.00")).toBe("INCOMPATIBLE_SCHEMA");
});

test("other logical types are what they are stored as", async () => {
  const schema = record(
    "R",
    { name: "day", type: { type: "int", logicalType: "date" } },
    { name: "at", type: { type: "long", logicalType: "timestamp-micros" } },
    { name: "id", type: { type: "string", logicalType: "uuid" } },
    { name: "odd", type: { type: "bytes", logicalType: "decimal", precision: 0 } },
    { name: "own", type: { type: "int", logicalType: "of-my-own" } },
  );
  const read = await evolving(schema, schema, { decimals: "string" });
  const value = {
    day: 20_454,
    at: 1_767_225_600_000_000,
    id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    odd: Buffer.from("x"),
    own: 1,
  };
  expect(read(value)).toStrictEqual(value);
});

test.each<[AvroSchema, unknown]>([
  [{ type: "int", logicalType: "time-millis" }, 86_399_999],
  [{ type: "long", logicalType: "time-micros" }, 86_399_999_999],
  [{ type: "long", logicalType: "timestamp-millis" }, -1],
  [{ type: "long", logicalType: "local-timestamp-millis" }, 1_767_225_600_000],
  [{ type: "long", logicalType: "local-timestamp-micros" }, 1_767_225_600_000_000],
  [{ type: "fixed", name: "Uuid", size: 16, logicalType: "uuid" }, Buffer.alloc(16, 1)],
  [{ type: "fixed", name: "Span", size: 12, logicalType: "duration" }, Buffer.alloc(12, 2)],
  [{ type: "bytes", logicalType: "big-decimal" }, Buffer.from([4, 4, 210, 4])],
  // One that its type can't have is none.
  [{ type: "string", logicalType: "date" }, "2026-01-01"],
])("$logicalType is what it is stored as", async (schema, value) => {
  expect((await evolving(schema, schema))(value)).toStrictEqual(value);
  // With and without it they are one type to a reader.
  const plain: AvroSchema = { ...(schema as object), logicalType: undefined };
  expect((await evolving(schema, plain))(value)).toStrictEqual(value);
  expect((await evolving(plain, schema))(value)).toStrictEqual(value);
});

test("nanoseconds of this century are no exact numbers, and exact bigints", async () => {
  const nanos: AvroSchema = { type: "long", logicalType: "timestamp-nanos" };
  expect((await evolving(nanos, nanos))(1_767_225_600_000_000_001n)).toBe("DOES_NOT_FIT");
  const exact = await evolving(nanos, nanos, { longs: "bigint" });
  expect(exact(1_767_225_600_000_000_001n)).toBe(1_767_225_600_000_000_001n);
});

test("a schema may name others that the registry references", async () => {
  const registry = memorySchemaRegistry();
  await registry.register("place-value", record("venue.Place", { name: "id", type: "string" }));
  const booking = record("venue.Booking", { name: "place", type: "venue.Place" });
  const id = await registry.register("booking-value", {
    schemaType: "AVRO",
    schema: JSON.stringify(booking),
    references: [{ name: "venue.Place", subject: "place-value", version: 1 }],
  });
  const reading = avro<unknown>({
    registry,
    schema: record("venue.Booking", { name: "place", type: record("Place", { name: "id", type: "string" }) }),
  });
  const bytes = Buffer.from([0, 0, 0, 0, id, 4, 97, 98]);
  expect(reading.deserialize(bytes, 0, bytes.length)).toEqual({ place: { id: "ab" } });
});
