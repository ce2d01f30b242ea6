import { jsonSchema, memorySchemaRegistry } from "@millrace/json-schema";
import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";
import { garbage, spoiling } from "./garbage.ts";
import { oursOnly } from "./ours-only.ts";

const schema = {
  type: "object",
  properties: { id: { type: "string" }, list: { type: "array", items: { type: "integer" } } },
  additionalProperties: { type: ["string", "null"] },
} as const;

export const jsonSchemaTarget: FuzzTarget = {
  name: "json-schema",
  property: async () => {
    const serde = jsonSchema<unknown>({ registry: memorySchemaRegistry(), schema });
    await serde.start?.({ topic: "t", part: "value", use: "sink" });
    const head = Buffer.from([0, 0, 0, 0, 1]);
    return fc.property(
      garbage,
      fc.json(),
      spoiling,
      fc.anything({ withBigInt: true, withDate: true }),
      (bytes, text, spoil, value) => {
        for (const body of [bytes, spoil(Buffer.from(text))])
          for (const source of [body, Buffer.concat([head, body])])
            oursOnly(() => serde.deserialize(source, 0, source.length));
        oursOnly(() => serde.serialize(value));
      },
    );
  },
};
