import fc from "fast-check";
import { expect, test } from "vitest";
import { avro } from "./avro.ts";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { memorySchemaRegistry } from "./memory-schema-registry.ts";

interface Event {
  readonly id: string;
  readonly kind: "A" | "B";
  readonly at: number;
  readonly place: string | null;
  readonly count: number | null;
  readonly ratio: number;
  readonly done: boolean;
}
const fields = [
  { name: "id", type: "string" },
  { name: "kind", type: { type: "enum", name: "Kind", symbols: ["A", "B"] } },
  { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
  { name: "place", type: ["null", "string"], default: null },
  { name: "count", type: ["null", "int"], default: null },
  { name: "ratio", type: "double" },
  { name: "done", type: "boolean", default: false },
] as const;
const schemaOf = (chosen: readonly object[]): AvroSchema<Event> => ({
  type: "record",
  name: "Event",
  fields: chosen,
});
const schema = schemaOf(fields);

const events: fc.Arbitrary<Event> = fc.record(
  {
    id: fc.string({ unit: "grapheme" }),
    kind: fc.constantFrom("A", "B"),
    at: fc.maxSafeInteger(),
    place: fc.option(fc.string({ unit: "binary" })),
    count: fc.option(fc.integer()),
    ratio: fc.double(),
    done: fc.boolean(),
  },
  { noNullPrototype: true },
);

const serdes = async () => {
  const registry = memorySchemaRegistry();
  const serde = avro({ registry, schema });
  await serde.start?.({ topic: "events", part: "value", use: "sink" });
  const write = (value: Event): Buffer => Buffer.from(serde.serialize(value) ?? []);
  return { registry, serde, write };
};
const { registry, serde, write } = await serdes();

test("reads what it wrote, anywhere in a buffer", () => {
  fc.assert(
    fc.property(events, fc.uint8Array(), fc.uint8Array(), (value, before, after) => {
      const bytes = write(value);
      const source = Buffer.concat([before, bytes, after]);
      const read = serde.deserialize(source, before.length, before.length + bytes.length);
      expect(read).toStrictEqual(value);
    }),
  );
});

test("writes into what it is given the bytes that it writes alone, and tells where these do not fit", () => {
  const { into } = serde.serialize;
  fc.assert(
    fc.property(events, fc.nat(10), fc.nat(300), (value, at, room) => {
      const bytes = write(value);
      const target = Buffer.alloc(at + room);
      const end = into?.(value, target, at) ?? -1;
      const fits = bytes.length <= room;
      expect(end <= target.length).toBe(fits);
      expect(target.subarray(at, fits ? end : at)).toEqual(fits ? bytes : Buffer.of());
    }),
  );
});

test("reads any choice of fields as they are in the whole", () => {
  const names = fields.map(({ name }) => name);
  fc.assert(
    fc.property(events, fc.subarray(names), (value, chosen) => {
      const bytes = write(value);
      const read = avro({ registry, schema, fields: chosen }).deserialize(bytes, 0, bytes.length);
      expect(read).toStrictEqual(
        Object.fromEntries(names.flatMap((n) => (chosen.includes(n) ? [[n, value[n]]] : []))),
      );
    }),
  );
});

test("reads across versions: a missing field has its default, a foreign one is skipped", async () => {
  const optional = fields.filter((field) => "default" in field).map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(
      events,
      fc.subarray(optional),
      fc.shuffledSubarray([...fields], { minLength: 7 }),
      async (...it) => {
        const [value, absent, order] = it;
        const older = avro({
          registry,
          schema: schemaOf([
            { name: "foreign", type: { type: "map", values: "string" }, default: {} },
            ...order.filter(({ name }) => !absent.includes(name as never)),
          ]),
        });
        await older.start?.({ topic: "older", part: "value", use: "sink" });
        const bytes = Buffer.from(older.serialize({ ...value, foreign: { a: "b" } } as Event) ?? []);
        const expected: Record<string, unknown> = { ...value };
        for (const name of absent) expected[name] = name === "done" ? false : null;
        expect(serde.deserialize(bytes, 0, bytes.length)).toStrictEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

test("reads no part of a record, and none with something behind it", () => {
  fc.assert(
    fc.property(events, fc.uint8Array({ minLength: 1 }), (value, more) => {
      const bytes = write(value);
      const source = Buffer.concat([bytes, more]);
      for (let end = 0; end <= source.length; end++) {
        if (end === bytes.length) continue;
        expect(() => serde.deserialize(source, 0, end)).toThrow(AvroError);
      }
    }),
    { numRuns: 50 },
  );
});

test("malformed bytes never give a record that could not have been written", () => {
  fc.assert(
    fc.property(
      events,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (value, changes) => {
        const bytes = write(value);
        for (const [at, byte] of changes) bytes[5 + (at % (bytes.length - 5))] = byte;
        const read = (): Event | undefined => {
          try {
            return serde.deserialize(bytes, 0, bytes.length);
          } catch (error) {
            if (error instanceof AvroError) return undefined;
            throw error;
          }
        };
        const found = read();
        expect(() => found && serde.serialize(found)).not.toThrow();
      },
    ),
    { numRuns: 2000 },
  );
});
