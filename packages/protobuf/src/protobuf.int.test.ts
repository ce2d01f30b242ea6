import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { protobuf, schemaRegistry } from "./index.ts";

const message = (fields: string) =>
  `syntax = "proto3"; package test; message Other {} message Booking { ${fields} }`;

test("a real registry takes Protobuf, gives it out again, and refuses numbers of another type", async () => {
  const url = inject("registry");
  const role = { topic: `test-${randomUUID()}`, part: "value", use: "sink" } as const;
  const serde = (fields: string) =>
    protobuf<unknown>({
      registry: schemaRegistry({ url }),
      schema: message(fields),
      message: "test.Booking",
    });
  const writing = serde("string id = 1;");
  await writing.start?.(role);
  const bytes = Buffer.from(writing.serialize({ id: "a" }) ?? []);
  const reading = serde("string id = 1; int64 attendees = 2;");
  await reading.start?.(role);
  await reading.prepare?.(bytes, 0, bytes.length);
  expect(reading.deserialize(bytes, 0, bytes.length)).toEqual({ id: "a", attendees: 0 });
  await expect(serde("double id = 1;").start?.(role)).rejects.toMatchObject({ code: "INCOMPATIBLE_SCHEMA" });
});
