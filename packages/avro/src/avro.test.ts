import { simulatedRegistry } from "@millrace/devstack";
import type { SerdeRole } from "@millrace/streams";
import { expect, test } from "vitest";
import { avro } from "./avro.ts";
import { avroBinary } from "./avro-binary.ts";
import { SchemaRegistry } from "./schema-registry.ts";

interface Booking {
  readonly id: string;
  readonly attendees: number | null;
  readonly at: number;
}
const v1 = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "id", type: "string" },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "note", type: "string" },
  ],
} as const;
const v2 = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "id", type: "string" },
    { name: "attendees", type: ["null", "int"], default: null },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
  ],
} as const;
const sink: SerdeRole = { topic: "bookings", part: "value", use: "sink" };

const withRegistry = async (
  body: (registry: SchemaRegistry, url: string) => Promise<void>,
): Promise<void> => {
  const component = await simulatedRegistry();
  try {
    await body(new SchemaRegistry({ url: component.address, patienceMs: 300 }), component.address);
  } finally {
    await component.stop();
  }
};
const within = (bytes: Uint8Array): [Buffer, number, number] => {
  const source = Buffer.concat([
    Buffer.from("before"),
    bytes,
    Buffer.from("after, which is more than enough"),
  ]);
  return [source, 6, 6 + bytes.length];
};

test("reads what another schema version wrote, as its own", async () => {
  await withRegistry(async (registry, url) => {
    const old = avro<{ id: string; at: number; note: string }>({ registry, schema: v1 as never });
    await old.start?.(sink);
    const bytes = old.serialize({ id: "a", at: 1_767_225_600_000, note: "x" }) as Buffer;
    const current = avro<Booking>({ registry: new SchemaRegistry({ url }), schema: v2 as never });
    const [source, start, end] = within(bytes);
    await current.prepare?.(source, start, end);
    expect(current.prepare?.(source, start, end)).toBeUndefined();
    expect(current.deserialize(source, start, end)).toEqual({
      id: "a",
      attendees: null,
      at: 1_767_225_600_000,
    });
  });
});

test("says what is wrong with bytes that it can't read", async () => {
  await withRegistry(async (registry) => {
    const serde = avro<Booking>({ registry, schema: v2 as never });
    await serde.start?.(sink);
    const good = serde.serialize({ id: "abc", attendees: 3, at: 5 }) as Buffer;
    const read = async (bytes: Uint8Array): Promise<unknown> => {
      const [source, start, end] = within(bytes);
      await serde.prepare?.(source, start, end);
      return serde.deserialize(source, start, end);
    };
    expect(await read(good)).toEqual({ id: "abc", attendees: 3, at: 5 });
    await expect(read(Buffer.from([1, ...good.subarray(1)]))).rejects.toMatchObject({ code: "AVRO_MAGIC" });
    await expect(read(good.subarray(0, 3))).rejects.toMatchObject({ code: "AVRO_TRUNCATED" });
    await expect(read(Buffer.concat([good, Buffer.of(0)]))).rejects.toMatchObject({
      code: "AVRO_TRAILING_BYTES",
    });
    for (let length = 5; length < good.length; length++)
      await expect(read(good.subarray(0, length))).rejects.toMatchObject({
        code: expect.stringMatching(/AVRO_/),
      });
    const unknown = Buffer.from(good);
    unknown.writeInt32BE(987_654, 1);
    await expect(read(unknown)).rejects.toMatchObject({ code: "AVRO_UNKNOWN_SCHEMA_ID" });
    expect(() => serde.deserialize(Buffer.alloc(0), -1, -1)).toThrow(/null/);
  });
});

test("refuses to write what does not fit the schema", async () => {
  await withRegistry(async (registry) => {
    const serde = avro<Booking>({ registry, schema: v2 as never });
    expect(() => serde.serialize({ id: "a", attendees: null, at: 1 })).toThrow(/start/);
    await serde.start?.(sink);
    expect(() => serde.serialize({ id: "a", attendees: 1.5, at: 1 })).toThrow(/Booking does not fit/);
  });
});

test("a registry that is not there is an error that names it, after some patience", async () => {
  const lines: string[] = [];
  const registry = new SchemaRegistry({
    url: "http://127.0.0.1:9",
    patienceMs: 500,
    log: (_level, message) => lines.push(message),
  });
  await expect(registry.register("s", v2 as never)).rejects.toThrow(
    /http:\/\/127.0.0.1:9 failed.*SCHEMA_REGISTRY_URL/,
  );
  expect(lines[0]).toMatch(/does not answer/);
});

test("state needs no registry", () => {
  const serde = avroBinary<Booking>(v2 as never);
  const bytes = serde.serialize({ id: "a", attendees: 2, at: 3 }) as Buffer;
  expect(serde.deserialize(bytes, 0, bytes.length)).toEqual({ id: "a", attendees: 2, at: 3 });
});
