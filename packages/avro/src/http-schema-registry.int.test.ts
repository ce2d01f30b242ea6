import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { expect, inject, test } from "vitest";
import { avro } from "./avro.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { schemaRegistry } from "@millrace/schema-registry";

interface Booking {
  readonly id: string;
  readonly attendees: number | null;
}
const first: AvroSchema = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "id", type: "string" },
    { name: "note", type: "string" },
  ],
};
const second: AvroSchema<Booking> = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "id", type: "string" },
    { name: "attendees", type: ["null", "int"], default: null },
  ],
};
const third: AvroSchema = {
  type: "record",
  name: "Booking",
  fields: [
    { name: "id", type: "long" },
    { name: "attendees", type: ["null", "int"], default: null },
  ],
};
const url = (): string => inject("registry");
const subject = (): string => `test-${randomUUID()}-value`;

test("registers, and reads what another process wrote with an older schema", async () => {
  const topic = `test-${randomUUID()}`;
  const role = { topic, part: "value", use: "sink" } as const;
  const older = avro<{ id: string; note: string }>({
    registry: schemaRegistry({ url: url() }),
    schema: first as AvroSchema<{ id: string; note: string }>,
  });
  await older.start?.(role);
  const bytes = Buffer.from(older.serialize({ id: "a", note: "n" }) ?? []);
  const newer = avro({ registry: schemaRegistry({ url: url() }), schema: second });
  await newer.start?.(role);
  await newer.prepare?.(bytes, 0, bytes.length);
  expect(newer.prepare?.(bytes, 0, bytes.length)).toBeUndefined();
  expect(newer.deserialize(bytes, 0, bytes.length)).toEqual({ id: "a", attendees: null });
});

test("sets the subject's compatibility, so that a schema which could not read the old ones is refused", async () => {
  const name = subject();
  await schemaRegistry({ url: url() }).register(name, second);
  const config = await fetch(`${url()}/config/${name}`);
  expect(await config.json()).toMatchObject({ compatibilityLevel: "BACKWARD_TRANSITIVE" });
  await expect(schemaRegistry({ url: url() }).register(name, third)).rejects.toMatchObject({
    code: "INCOMPATIBLE_SCHEMA",
    message: expect.stringMatching(/Give new fields a default/),
  });
});

test("the same schema has the same id, and an id that nobody has is unknown", async () => {
  const registry = schemaRegistry({ url: url() });
  const name = subject();
  const id = await registry.register(name, second);
  expect(await schemaRegistry({ url: url() }).register(name, second)).toBe(id);
  expect(await registry.lookup(name, second)).toBe(id);
  await registry.fetchSchema(987_654);
  expect(() => registry.writerSchema(987_654)).toThrow(
    expect.objectContaining({ code: "UNKNOWN_SCHEMA_ID" }),
  );
});

test("waits for a registry that comes up later, and says that it does", async () => {
  const lines: string[] = [];
  // An address that nobody answers at yet.
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const registering = schemaRegistry({
    url: `http://127.0.0.1:${port}`,
    log: (level, message) => lines.push(`${level} ${message}`),
  }).register(subject(), second);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void (async () => {
        const answer = await fetch(`${url()}${request.url}`, {
          method: request.method ?? "GET",
          headers: { "content-type": request.headers["content-type"] ?? "application/json" },
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        });
        response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
        response.end(Buffer.from(await answer.arrayBuffer()));
      })();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  try {
    expect(await registering).toBeGreaterThan(0);
    expect(lines[0]).toMatch(
      /warn schema registry at http:\S+ is not reachable \(ECONNREFUSED\); trying again/,
    );
  } finally {
    proxy.close();
  }
});

test("gives up after its patience, with what to check", async () => {
  await expect(
    schemaRegistry({ url: "http://127.0.0.1:9", patienceMs: 300 }).register(subject(), second),
  ).rejects.toMatchObject({
    code: "SCHEMA_REGISTRY",
    message: expect.stringMatching(/http:\/\/127.0.0.1:9 failed: .*check SCHEMA_REGISTRY_URL/),
  });
});

const kinds: readonly { readonly schema: AvroSchema; readonly value: unknown }[] = [
  { schema: "string", value: "a" },
  { schema: { type: "array", items: "long" }, value: [1] },
  { schema: ["null", "int", "string"], value: "a" },
  { schema: { type: "map", values: "bytes" }, value: {} },
];

test.each(kinds)("registers and reads schemas that are no records: $schema", async ({ schema, value }) => {
  const topic = `test-${randomUUID()}`;
  const writing = avro<unknown>({ registry: schemaRegistry({ url: url() }), schema });
  await writing.start?.({ topic, part: "value", use: "sink" });
  const bytes = Buffer.from(writing.serialize(value) ?? []);
  const reading = avro<unknown>({ registry: schemaRegistry({ url: url() }), schema, register: false });
  await reading.prepare?.(bytes, 0, bytes.length);
  expect(reading.deserialize(bytes, 0, bytes.length)).toEqual(value);
});

test("reads a record whose schema references another subject's", async () => {
  const registry = schemaRegistry({ url: url() });
  const [place, booking] = [subject(), subject()];
  await registry.register(place, {
    type: "record",
    name: "test.Place",
    fields: [{ name: "id", type: "string" }],
  });
  const id = await registry.register(booking, {
    schemaType: "AVRO",
    schema: JSON.stringify({
      type: "record",
      name: "test.Visit",
      fields: [{ name: "place", type: "test.Place" }],
    }),
    references: [{ name: "test.Place", subject: place, version: 1 }],
  });
  const reading = avro<unknown>({
    registry: schemaRegistry({ url: url() }),
    schema: {
      type: "record",
      name: "test.Visit",
      fields: [
        { name: "place", type: { type: "record", name: "Place", fields: [{ name: "id", type: "string" }] } },
      ],
    },
  });
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), Buffer.from([2, 97])]);
  bytes.writeInt32BE(id, 1);
  await reading.prepare?.(bytes, 0, bytes.length);
  expect(reading.deserialize(bytes, 0, bytes.length)).toEqual({ place: { id: "a" } });
});

test("says which level a subject has, and leaves one that it has of its own", async () => {
  const name = subject();
  const lines: string[] = [];
  const registry = schemaRegistry({ url: url(), log: (level, message) => lines.push(`${level} ${message}`) });
  await fetch(`${url()}/config/${name}`, {
    method: "PUT",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ compatibility: "FULL_TRANSITIVE" }),
  });
  await registry.register(name, second);
  expect(lines).toEqual([`info subject "${name}" has compatibility FULL_TRANSITIVE`]);
  const config = await fetch(`${url()}/config/${name}`);
  expect(await config.json()).toMatchObject({ compatibilityLevel: "FULL_TRANSITIVE" });
});
