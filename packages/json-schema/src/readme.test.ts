import { readFileSync } from "node:fs";
import { startRegistryServer } from "@millrace/schema-registry/testing";
import { expect, test } from "vitest";
import { jsonSchemaLanguage } from "./index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the README's example is the one that is compiled, and it runs", async () => {
  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("../test/readme-example.ts")}\`\`\``);

  const server = await startRegistryServer({ languages: [jsonSchemaLanguage] });
  process.env["SCHEMA_REGISTRY_URL"] = server.url;
  try {
    const { bookings } = await import("../test/readme-example.ts");
    const { value } = bookings;
    await value.start?.({ topic: "bookings", part: "value", use: "sink" });
    const bytes = Buffer.from(value.serialize({ id: "a", attendees: 3 }) ?? []);
    expect(value.deserialize(bytes, 0, bytes.length)).toEqual({ id: "a", attendees: 3 });
    expect(value.serialize(null)).toBeNull();
    expect(server.state.subjects).toEqual(["bookings-value"]);
  } finally {
    await server.stop();
  }
});
