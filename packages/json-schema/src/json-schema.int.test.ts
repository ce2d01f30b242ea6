import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { jsonSchema, schemaRegistry } from "./index.ts";

const closed = (properties: object) => ({ type: "object", properties, additionalProperties: false });

test("a real registry takes JSON Schema, gives it out again, and refuses a version that allows less", async () => {
  const url = inject("registry");
  const topic = `test-${randomUUID()}`;
  const role = { topic, part: "value", use: "sink" } as const;
  const writing = jsonSchema<unknown>({
    registry: schemaRegistry({ url }),
    schema: closed({ id: { type: "string" } }),
  });
  await writing.start?.(role);
  const bytes = Buffer.from(writing.serialize({ id: "a" }) ?? []);
  const reading = jsonSchema<unknown>({
    registry: schemaRegistry({ url }),
    schema: closed({ id: { type: "string" }, attendees: { type: "integer" } }),
    readBy: "writer",
  });
  await reading.start?.(role);
  await reading.prepare?.(bytes, 0, bytes.length);
  expect(reading.deserialize(bytes, 0, bytes.length)).toEqual({ id: "a" });
  const narrower = jsonSchema<unknown>({
    registry: schemaRegistry({ url }),
    schema: closed({ id: { type: "integer" } }),
  });
  await expect(narrower.start?.(role)).rejects.toMatchObject({ code: "INCOMPATIBLE_SCHEMA" });
});
