import { nullable, type SerdeRole } from "@millrace/streams";
import { expect, expectTypeOf, test } from "vitest";
import { avro } from "./avro.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { memorySchemaRegistry } from "./memory-schema-registry.ts";

interface Booking {
  readonly id: string;
  readonly attendees: number | null;
  readonly at: number;
}
const bookingSchema: AvroSchema<Booking> = {
  type: "record",
  name: "Booking",
  namespace: "test",
  fields: [
    { name: "id", type: "string" },
    { name: "attendees", type: ["null", "int"], default: null },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
  ],
};
const sink: SerdeRole = { topic: "bookings", part: "value", use: "sink" };

/** In the middle of a batch, as the runtime sees it. */
const within = (bytes: Uint8Array): [Buffer, number, number] => [
  Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after, which is more than enough")]),
  6,
  6 + bytes.length,
];

const written = async (value: Booking, registry = memorySchemaRegistry()) => {
  const serde = avro({ registry, schema: bookingSchema });
  await serde.start?.(sink);
  const bytes = Buffer.from(serde.serialize(value) ?? []);
  return { serde, registry, bytes };
};

test("writes a zero, the schema id, and Avro", async () => {
  const { bytes } = await written({ id: "ab", attendees: 3, at: 64 });
  expect(bytes.toString("hex")).toBe("000000000104616202068001");
});

test("reads plain objects, typed by the schema", async () => {
  const value = { id: "ab", attendees: null, at: 1_767_225_600_000 };
  const { serde, bytes } = await written(value);
  const read = serde.deserialize(...within(bytes));
  expectTypeOf(read).toEqualTypeOf<Booking>();
  expect(read).toStrictEqual(value);
});

test("reads the fields that are asked for, and skips the others", async () => {
  const { registry, bytes } = await written({ id: "ab", attendees: 3, at: 64 });
  const serde = avro({ registry, schema: bookingSchema, fields: ["at", "id"] });
  const read = serde.deserialize(...within(bytes));
  expectTypeOf(read).toEqualTypeOf<Pick<Booking, "at" | "id">>();
  expect(read).toStrictEqual({ id: "ab", at: 64 });
  expect(() => serde.serialize(read)).toThrow(/reads at, id only/);
});

test("reads fields whose types others define, whole, of a schema in any text", async () => {
  const registry = memorySchemaRegistry();
  const own = { name: "own", type: ["null", "Visit"], default: null };
  const schema = JSON.stringify({
    type: "record",
    name: "Visit",
    namespace: "test",
    fields: [
      { name: "first", type: { type: "enum", name: "Action", symbols: ["IN", "OUT"] } },
      { name: "last", type: "Action" },
      own,
    ],
  });
  const writing = avro<unknown>({ registry, schema });
  await writing.start?.(sink);
  const inner = { first: "IN", last: "IN", own: null };
  const bytes = Buffer.from(writing.serialize({ first: "IN", last: "OUT", own: inner }) ?? []);
  const reading = avro<{ last: string; own: unknown }, "last" | "own">({
    registry,
    schema: `\n  ${schema}`,
    fields: ["last", "own"],
  });
  expect(reading.deserialize(...within(bytes))).toStrictEqual({ last: "OUT", own: inner });
});

test("refuses a projection on a field that is not there", () => {
  expect(() =>
    avro<Booking, "id">({ registry: memorySchemaRegistry(), schema: bookingSchema, fields: ["ID" as "id"] }),
  ).toThrow(/no field "ID"; it has id, attendees, at/);
});

test("reads records of several schema versions in turn, all as its own", async () => {
  const { serde, registry, bytes } = await written({ id: "new", attendees: 3, at: 64 });
  const old = avro<{ id: string; at: number; note: string }>({
    registry,
    subject: "another",
    schema: {
      type: "record",
      name: "Booking",
      namespace: "test",
      fields: [
        { name: "note", type: "string" },
        { name: "id", type: "string" },
        { name: "at", type: "long" },
      ],
    },
  });
  await old.start?.(sink);
  const oldBytes = Buffer.from(old.serialize({ id: "old", at: 1, note: "dropped since" }) ?? []);
  for (let turn = 0; turn < 3; turn++) {
    expect(serde.deserialize(...within(bytes))).toStrictEqual({ id: "new", attendees: 3, at: 64 });
    expect(serde.deserialize(...within(oldBytes))).toStrictEqual({ id: "old", attendees: null, at: 1 });
  }
});

test("says what is wrong with bytes that it can't read", async () => {
  const { serde, registry, bytes } = await written({ id: "abc", attendees: 3, at: 5 });
  const code = (changed: Uint8Array): unknown => {
    try {
      return serde.deserialize(...within(changed));
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const withId = (id: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed.writeInt32BE(id, 1);
    return changed;
  };
  expect(code(Buffer.of(1, ...bytes.subarray(1)))).toBe("WRONG_MAGIC");
  expect(code(Buffer.from("{}"))).toBe("WRONG_MAGIC");
  expect(code(Buffer.alloc(0))).toBe("TRUNCATED");
  expect(code(bytes.subarray(0, 4))).toBe("TRUNCATED");
  expect(code(Buffer.concat([bytes, Buffer.of(0)]))).toBe("TRAILING_BYTES");
  expect(code(withId(2))).toBe("UNKNOWN_SCHEMA_ID");
  expect(code(withId(-1))).toBe("UNKNOWN_SCHEMA_ID");
  expect(code(withId(-2_147_483_648))).toBe("UNKNOWN_SCHEMA_ID");
  expect(() => serde.deserialize(Buffer.alloc(0), -1, -1)).toThrow(
    /null where avro test.Booking is expected/,
  );

  const other = avro<number>({ registry, schema: "long", subject: "another" });
  await other.start?.(sink);
  expect(code(other.serialize(5) ?? Buffer.alloc(0))).toBe("INCOMPATIBLE_SCHEMA");
  expect(code(bytes)).toStrictEqual({ id: "abc", attendees: 3, at: 5 });
});

test("treats no schema id as known before the first record", async () => {
  const registry = memorySchemaRegistry();
  const { bytes } = await written({ id: "a", attendees: null, at: 1 }, registry);
  for (const id of [-1, 0]) {
    bytes.writeInt32BE(id, 1);
    const fresh = avro({ registry, schema: bookingSchema });
    expect(() => fresh.deserialize(...within(bytes))).toThrow(/schema/);
  }
});

test("refuses longs and ints that are none", async () => {
  const { serde } = await written({ id: "a", attendees: 1, at: 1 });
  const framing = "00000000010261";
  const read = (hex: string): unknown => serde.deserialize(...within(Buffer.from(framing + hex, "hex")));
  expect(read("02feffffff0f02")).toStrictEqual({ id: "a", attendees: 2_147_483_647, at: 1 });
  expect(() => read("02feffffff1f02")).toThrow(/no 32-bit int/);
  expect(read("00fcffffffffffff1f")).toStrictEqual({ id: "a", attendees: null, at: 2 ** 53 - 2 });
  expect(() => read("00feffffffffffff3f")).toThrow(/precision/);
});

test("refuses to write what does not fit the schema, and goes on", async () => {
  const { serde, bytes } = await written({ id: "a", attendees: 1, at: 1 });
  for (const bad of [
    { id: "a", attendees: 1.5, at: 1 },
    { id: "a", attendees: 2 ** 31, at: 1 },
    { id: "a", attendees: 1, at: 2 ** 53 },
    { id: "a", attendees: 1, at: Number.NaN },
    { id: null as unknown as string, attendees: 1, at: 1 },
    { attendees: 1, at: 1 } as Booking,
    null as unknown as Booking,
  ])
    expect(() => serde.serialize(bad)).toThrow(expect.objectContaining({ code: "DOES_NOT_FIT" }));
  expect(serde.serialize({ id: "a", attendees: 1, at: 1 })).toStrictEqual(bytes);
});

test("writes values larger than anything written before", async () => {
  const { serde } = await written({ id: "a", attendees: 1, at: 1 });
  const small = serde.serialize({ id: "small", attendees: 1, at: 1 });
  const value = { id: "ä".repeat(1_000_000), attendees: 1, at: 1 };
  const [source, start, end] = within(serde.serialize(value) ?? Buffer.alloc(0));
  expect(serde.deserialize(source, start, end)).toStrictEqual(value);
  expect(serde.deserialize(...within(small ?? Buffer.alloc(0))).id).toBe("small");
});

test("does not write before its start", () => {
  const serde = avro({ registry: memorySchemaRegistry(), schema: bookingSchema });
  expect(() => serde.serialize({ id: "a", attendees: 1, at: 1 })).toThrow(/await its start/);
});

test("registers under the topic, or the subject it is given, or not at all", async () => {
  const registry = memorySchemaRegistry();
  await avro({ registry, schema: bookingSchema }).start?.({ topic: "t", part: "key", use: "source" });
  await expect(registry.lookup("t-key", bookingSchema)).resolves.toBe(1);
  await avro({ registry, schema: bookingSchema, subject: "s" }).start?.(sink);
  await expect(registry.lookup("s", bookingSchema)).resolves.toBe(1);

  const reading = avro({ registry, schema: bookingSchema, register: false });
  await reading.start?.({ topic: "u", part: "value", use: "source" });
  await expect(registry.lookup("u-value", bookingSchema)).rejects.toThrow(/not registered/);
  await expect(reading.start?.({ topic: "u", part: "value", use: "sink" })).rejects.toThrow(/not registered/);
});

test("takes null when wrapped", async () => {
  const { serde, bytes } = await written({ id: "a", attendees: 1, at: 1 });
  const wrapped = nullable(serde);
  expect(wrapped.prepare?.(Buffer.alloc(0), -1, -1)).toBeUndefined();
  expect(wrapped.deserialize(Buffer.alloc(0), -1, -1)).toBeNull();
  expect(wrapped.deserialize(...within(bytes))).toStrictEqual({ id: "a", attendees: 1, at: 1 });
});

test("refuses a schema that is none, when it is defined", () => {
  expect(() => avro({ registry: memorySchemaRegistry(), schema: { type: "recrod" } })).toThrow(
    /not an Avro schema/,
  );
});
