import { registrySerdeContract } from "@millrace/schema-registry/testing";
import { test } from "vitest";
import { jsonSchema, jsonSchemaLanguage } from "./index.ts";

registrySerdeContract(
  {
    language: jsonSchemaLanguage,
    serde: (registry) =>
      jsonSchema<{ readonly id: string }>({
        registry,
        schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      }),
    value: { id: "a" },
    // Not by the schema; no JSON; nothing.
    unreadable: [Buffer.from("{}"), Buffer.from("{"), Buffer.alloc(0)],
    folder: new URL("..", import.meta.url),
  },
  test,
);
