import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Topic } from "@millrace/streams";
import type { SchemaLanguage } from "../schema-language.ts";
import { startRegistryServer } from "./registry-server.ts";

/** What the examples call `bookings`. */
interface Example {
  readonly bookings: Topic<string, { readonly id: string; readonly attendees: number } | null>;
}

/** Runs the example of a serde's README against a registry of its own; it must be the very text that is compiled. */
export const readmeExample = async (folder: URL, language: SchemaLanguage): Promise<void> => {
  const file = new URL("test/readme-example.ts", folder);
  const readme = await readFile(new URL("README.md", folder), "utf8");
  assert.ok(
    readme.includes(`\`\`\`ts\n${await readFile(file, "utf8")}\`\`\``),
    "the README has another text",
  );
  const server = await startRegistryServer({ languages: [language] });
  process.env["SCHEMA_REGISTRY_URL"] = server.url;
  try {
    const { bookings } = (await import(file.href)) as Example;
    const { value } = bookings;
    await value.start?.({ topic: "bookings", part: "value", use: "sink" });
    const bytes = Buffer.from(value.serialize({ id: "a", attendees: 3 }) ?? []);
    assert.deepEqual(value.deserialize(bytes, 0, bytes.length), { id: "a", attendees: 3 });
    assert.equal(value.serialize(null), null);
    assert.deepEqual(server.state.subjects, ["bookings-value"]);
  } finally {
    delete process.env["SCHEMA_REGISTRY_URL"];
    await server.stop();
  }
};
