import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { SchemaLanguage } from "./schema-language.ts";
import { startRegistryServer } from "./testing/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Takes everything for a schema. */
const anything: SchemaLanguage = {
  schemaType: "AVRO",
  parse: (schema) => ({ canonical: schema, problemsReading: () => [] }),
};

test("the README's example is the one that is compiled, and it runs", async () => {
  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("../test/readme-example.ts")}\`\`\``);

  const server = await startRegistryServer({
    languages: [anything],
    permit: ({ authorization }) => (authorization?.startsWith("Basic ") === true ? 200 : 401),
  });
  vi.stubEnv("SCHEMA_REGISTRY_URL", server.url);
  try {
    const { id } = await import("../test/readme-example.ts");
    expect(server.state.schema(id)?.schema).toMatch(/Booking/);
  } finally {
    await server.stop();
  }
});
