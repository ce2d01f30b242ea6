import { SchemaRegistry as KafkajsRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import { startRegistryServer } from "@millrace/schema-registry/testing";
import avsc from "avsc";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { avro, avroBinary, avroLanguage, type AvroSchema, schemaRegistry } from "./index.ts";

interface Booking {
  readonly id: string;
  readonly attendees: number | null;
  readonly at: number;
}
const bookingSchema: AvroSchema<Booking> = {
  type: "record",
  name: "Booking",
  namespace: "venue",
  fields: [
    { name: "id", type: "string" },
    { name: "attendees", type: ["null", "int"], default: null },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
  ],
};
let server: Awaited<ReturnType<typeof startRegistryServer>>;
beforeAll(async () => {
  server = await startRegistryServer({ languages: [avroLanguage] });
});
afterAll(() => server.stop());

test("@kafkajs/confluent-schema-registry reads what we write, and we what it writes, by one subject", async () => {
  const theirs = new KafkajsRegistry({ host: server.url });
  const ours = avro({ registry: schemaRegistry({ url: server.url }), schema: bookingSchema });
  await ours.start?.({ topic: "bookings", part: "value", use: "sink" });
  const value = { id: "ä1", attendees: 3, at: 1_767_225_600_000 };
  const written = Buffer.from(ours.serialize(value) ?? []);
  expect(await theirs.decode(written)).toEqual(value);

  const schema = JSON.stringify(bookingSchema);
  const id = await theirs.getRegistryIdBySchema("bookings-value", { type: SchemaType.AVRO, schema });
  const read = await theirs.encode(id, { ...value, attendees: null });
  expect(read.subarray(0, 5)).toEqual(written.subarray(0, 5));
  expect(ours.deserialize(read, 0, read.length)).toEqual({ ...value, attendees: null });
});

const bytes = (length: { minLength?: number; maxLength?: number }) =>
  fc.uint8Array(length).map((array) => Buffer.from(array));

test("writes the bytes that avsc writes", () => {
  const schema = {
    type: "record",
    name: "All",
    fields: [
      { name: "b", type: "boolean" },
      { name: "i", type: "int" },
      { name: "l", type: "long" },
      { name: "f", type: "float" },
      { name: "d", type: "double" },
      { name: "s", type: "string" },
      { name: "y", type: "bytes" },
      { name: "a", type: { type: "array", items: ["null", "string"] } },
      { name: "m", type: { type: "map", values: "long" } },
      { name: "e", type: { type: "enum", name: "E", symbols: ["A", "B"] } },
      { name: "x", type: { type: "fixed", name: "X", size: 3 } },
    ],
  };
  const theirs = avsc.Type.forSchema(schema as avsc.Schema);
  const ours = avroBinary<unknown>(schema);
  // Beyond that avsc writes other longs than it was given.
  const long = fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 });
  fc.assert(
    fc.property(
      fc.record({
        b: fc.boolean(),
        i: fc.integer(),
        l: long,
        f: fc.float(),
        d: fc.double(),
        s: fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ maxLength: 200 })),
        y: bytes({}),
        a: fc.array(fc.option(fc.string())),
        m: fc.dictionary(fc.string(), long, { noNullPrototype: true }),
        e: fc.constantFrom("A", "B"),
        x: bytes({ minLength: 3, maxLength: 3 }),
      }),
      (value) => {
        expect(Buffer.from(ours.serialize(value) ?? [])).toEqual(theirs.toBuffer(value));
      },
    ),
  );
});
