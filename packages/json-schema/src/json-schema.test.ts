import { MillraceError, nullable } from "@millrace/streams";
import type { SchemaRegistry } from "@millrace/schema-registry";
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonSchema, type JsonSchema, type JsonSchemaOptions } from "./json-schema.ts";
import { JsonSchemaError } from "./json-schema-error.ts";
import { memorySchemaRegistry } from "./memory-schema-registry.ts";

interface Booking {
  readonly id: string;
  readonly attendees?: number;
}
const schema: JsonSchema<Booking> = {
  title: "Booking",
  type: "object",
  properties: { id: { type: "string", minLength: 1 }, attendees: { type: "integer", minimum: 0 } },
  required: ["id"],
  additionalProperties: false,
};
const started = async <T>(
  options: Omit<JsonSchemaOptions<T>, "registry"> & { registry?: SchemaRegistry },
) => {
  const registry = options.registry ?? memorySchemaRegistry();
  const serde = jsonSchema<T>({ ...options, registry });
  await serde.start?.({ topic: "bookings", part: "value", use: "sink" });
  return { serde, registry };
};
const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (error instanceof JsonSchemaError) return error.code;
    throw error;
  }
};
const framed = (text: string, id = 1): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, id]), Buffer.from(text)]);

test("writes a zero, the schema id and JSON, and reads it back anywhere in a buffer", async () => {
  const { serde, registry } = await started({ schema });
  const bytes = Buffer.from(serde.serialize({ id: "ä", attendees: 3 }) ?? []);
  expect(bytes).toEqual(framed('{"id":"ä","attendees":3}'));
  const source = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("}")]);
  expect(serde.deserialize(source, 6, 6 + bytes.length)).toStrictEqual({ id: "ä", attendees: 3 });
  expect(registry.writerSchema(1)).toMatchObject({ schemaType: "JSON", schema: JSON.stringify(schema) });
});

test("checks what is written and what is read, and says what is wrong", async () => {
  const { serde } = await started({ schema });
  const write = (value: unknown) => codeOf(() => serde.serialize(value as Booking));
  for (const bad of [
    {},
    { id: "" },
    { id: "a", attendees: -1 },
    { id: "a", more: 1 },
    { id: 1n },
    undefined,
    Number.NaN,
  ])
    expect(write(bad)).toBe("DOES_NOT_FIT");
  const read = (text: string) => codeOf(() => serde.deserialize(framed(text), 0, framed(text).length));
  expect(read('{"id":"a"}')).toEqual({ id: "a" });
  expect(read('{"id":')).toBe("MALFORMED");
  expect(read("")).toBe("MALFORMED");
  expect(read('{"attendees":3}')).toBe("INVALID_VALUE");
  expect(() => serde.deserialize(framed('{"id":3}'), 0, framed('{"id":3}').length)).toThrow(
    "JSON that is no json-schema Booking: /id must be string",
  );
});

test("by choice a record must fit what it was written with, or nothing", async () => {
  const { serde: writing, registry } = await started<unknown>({ schema: { type: "object" } });
  const bytes = Buffer.from(writing.serialize({ other: true }) ?? []);
  const read = (readBy: "reader" | "writer" | "none", source: Buffer = bytes) =>
    codeOf(() => jsonSchema({ registry, schema, readBy }).deserialize(source, 0, source.length));
  expect(read("reader")).toBe("INVALID_VALUE");
  expect(read("writer")).toEqual({ other: true });
  expect(read("writer", framed("[]"))).toBe("INVALID_VALUE");
  expect(read("none", framed("[]"))).toEqual([]);
});

test("null is a tombstone where the schema allows it, or when wrapped", async () => {
  const { serde: either } = await started<string | null>({ schema: { type: ["string", "null"] } });
  expect(either.serialize(null)).toBeNull();
  expect(either.deserialize(Buffer.alloc(0), -1, -1)).toBeNull();
  const { serde } = await started({ schema });
  expect(codeOf(() => serde.deserialize(Buffer.alloc(0), -1, -1))).toBe("NULL_PAYLOAD");
  expect(codeOf(() => serde.serialize(null as unknown as Booking))).toBe("DOES_NOT_FIT");
  expect(nullable(serde).deserialize(Buffer.alloc(0), -1, -1)).toBeNull();
});

const draft = (name: string) => `https://json-schema.org/draft/${name}/schema`;

test("knows drafts 7, 2019-09 and 2020-12, and refuses others when it is defined", async () => {
  const { serde } = await started<unknown>({
    schema: { $schema: draft("2020-12"), prefixItems: [{ type: "string" }], items: false },
  });
  expect(codeOf(() => serde.serialize(["a"]))).toBeInstanceOf(Buffer);
  expect(codeOf(() => serde.serialize(["a", "b"]))).toBe("DOES_NOT_FIT");
  await started({ schema: { $schema: draft("2019-09"), type: "object", dependentRequired: { a: ["b"] } } });
  await started({ schema: { $schema: "http://json-schema.org/draft-07/schema#", format: "date-time" } });
  for (const bad of [
    { $schema: "http://json-schema.org/draft-04/schema#" },
    { type: "nonsense" },
    { $ref: "#/nowhere" },
  ])
    expect(codeOf(() => jsonSchema({ registry: memorySchemaRegistry(), schema: bad }))).toBe(
      "INVALID_SCHEMA",
    );
});

test("the writer's schema may reference others", async () => {
  const registry = memorySchemaRegistry();
  await registry.register("id", { schemaType: "JSON", schema: '{"type":"string"}' });
  const id = await registry.register("bookings-value", {
    schemaType: "JSON",
    schema: '{"properties":{"id":{"$ref":"id.json"}}}',
    references: [{ name: "id.json", subject: "id", version: 1 }],
  });
  const serde = jsonSchema<unknown>({ registry, schema: {}, readBy: "writer" });
  const read = (text: string) =>
    codeOf(() => serde.deserialize(framed(text, id), 0, framed(text, id).length));
  expect(read('{"id":"a"}')).toEqual({ id: "a" });
  expect(read('{"id":1}')).toBe("INVALID_VALUE");
});

test.each<[string, JsonSchema]>([
  ["", { type: "array", items: { $ref: "#" } }],
  ["with an $id", { $id: "https://example.com/tree", type: "array", items: { $ref: "#" } }],
  [
    "of draft 2020-12, by a definition",
    {
      $schema: draft("2020-12"),
      $ref: "#/$defs/tree",
      $defs: { tree: { type: "array", items: { $ref: "#" } } },
    },
  ],
])("a schema may name itself %s, and a value too deep for it is an error of ours", async (_, recursive) => {
  const { serde } = await started<unknown>({ schema: recursive });
  const read = (text: string) => codeOf(() => serde.deserialize(framed(text), 0, framed(text).length));
  expect(read("[[],[[]]]")).toEqual([[], [[]]]);
  expect(read("[[],[1]]")).toBe("INVALID_VALUE");
  expect(read("[".repeat(200_000) + "]".repeat(200_000))).toBe("INVALID_VALUE");
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  expect(codeOf(() => serde.serialize(cyclic))).toBe("DOES_NOT_FIT");
});

test("what a writer's schema references may name itself, too", async () => {
  const registry = memorySchemaRegistry();
  const tree = '{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}';
  await registry.register("tree", { schemaType: "JSON", schema: tree });
  const id = await registry.register("bookings-value", {
    schemaType: "JSON",
    schema: '{"properties":{"tree":{"$ref":"tree.json"}}}',
    references: [{ name: "tree.json", subject: "tree", version: 1 }],
  });
  const serde = jsonSchema<unknown>({ registry, schema: {}, readBy: "writer" });
  const read = (text: string) =>
    codeOf(() => serde.deserialize(framed(text, id), 0, framed(text, id).length));
  expect(read('{"tree":{"next":{}}}')).toEqual({ tree: { next: {} } });
  expect(read('{"tree":{"next":{"tree":{}}}}')).toBe("INVALID_VALUE");
});

test("refuses what would make a promise of its answer", () => {
  const promising = { $async: true, type: "string" };
  expect(codeOf(() => jsonSchema({ registry: memorySchemaRegistry(), schema: promising }))).toBe(
    "INVALID_SCHEMA",
  );
});

test("says what is no JSON of a registry, and of which language it is", async () => {
  const { serde, registry } = await started({ schema });
  const read = (bytes: Buffer) => codeOf(() => serde.deserialize(bytes, 0, bytes.length));
  expect(read(Buffer.from("{}"))).toBe("WRONG_MAGIC");
  expect(read(Buffer.alloc(3))).toBe("TRUNCATED");
  expect(read(framed("{}", 255).fill(255, 1, 5))).toBe("UNKNOWN_SCHEMA_ID");
  expect(() => read(framed("{}", 9))).toThrow(expect.objectContaining({ code: "UNKNOWN_SCHEMA_ID" }));
  const avro: SchemaRegistry = {
    ...registry,
    writerSchema: () => ({ schemaType: "AVRO", schema: '"int"', references: [] }),
  };
  expect(
    codeOf(() => jsonSchema({ registry: avro, schema, readBy: "writer" }).deserialize(framed("1"), 0, 6)),
  ).toBe("INVALID_SCHEMA");
});

/** Throws what is no error of ours, whichever package it is of. */
const ours = (run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
  }
};

test("any bytes and any values give a value or an error of ours", async () => {
  const { serde } = await started<unknown>({ schema });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => framed(text)),
        fc.uint8Array().map((bytes) => Buffer.concat([framed(""), bytes])),
      ),
      (bytes) => {
        const source = Buffer.from(bytes);
        expect(() => ours(() => serde.deserialize(source, 0, source.length))).not.toThrow();
      },
    ),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      (value) => {
        ours(() => serde.serialize(value));
      },
    ),
    { numRuns: 300 },
  );
});

test("a new version may allow more, and not less", async () => {
  const registry = memorySchemaRegistry();
  const register = (properties: object, more: object = { additionalProperties: false }) =>
    registry
      .register("s", { schemaType: "JSON", schema: JSON.stringify({ type: "object", properties, ...more }) })
      .then(
        () => "taken",
        (error: Error) => error.message.replace(/^.*BACKWARD_TRANSITIVE: /, ""),
      );
  expect(await register({ a: { type: "integer" } })).toBe("taken");
  expect(await register({ a: { type: "number" }, b: { type: "string" } })).toBe("taken");
  expect(await register({ a: { type: "string" }, b: {} })).toBe(
    "#/properties/a: integer is not allowed any more",
  );
  expect(await register({ b: { type: "string" } })).toMatch(/#\/properties\/a: nothing is allowed any more/);
  expect(
    await register(
      { a: { type: "number" }, b: { type: "string" } },
      { additionalProperties: false, required: ["a"] },
    ),
  ).toMatch(/"a" is required now, without a default/);
  expect(await register({ a: { type: "number", maximum: 3 }, b: { enum: ["x"] } })).toMatch(
    /maximum was lowered/,
  );
});

test("a property that every object inherits is no property of a value", async () => {
  const named = { type: "object", properties: { constructor: { type: "string" } } } satisfies JsonSchema;
  const { serde: optional } = await started<object>({ schema: named });
  for (const value of [{}, { constructor: "x" }]) {
    const bytes = optional.serialize(value)!;
    expect(optional.deserialize(Buffer.from(bytes), 0, bytes.length)).toEqual(value);
  }
  expect(codeOf(() => optional.serialize({ constructor: 1 }))).toBe("DOES_NOT_FIT");
  const { serde: required } = await started<object>({ schema: { ...named, required: ["constructor"] } });
  expect(codeOf(() => required.serialize({}))).toBe("DOES_NOT_FIT");
  const bytes = framed("{}");
  expect(codeOf(() => required.deserialize(bytes, 0, bytes.length))).toBe("INVALID_VALUE");
});
