import { avroBinary, type AvroSchema, avroLanguage } from "@millrace/avro";
import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";
import { oursOnly } from "./ours-only.ts";

const word = fc.constantFrom(
  "type",
  "name",
  "namespace",
  "fields",
  "items",
  "values",
  "symbols",
  "size",
  "aliases",
  "default",
  "logicalType",
  "record",
  "array",
  "map",
  "enum",
  "fixed",
  "int",
  "null",
  "__proto__",
  "constructor",
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    word,
    fc.constantFrom(null, true, 0, -1, 5, 1e300),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(word, tie("json"), { maxKeys: 5 }),
  ),
}));

/** What is no schema, or an odd one: parsed, and used for bytes. */
export const avroSchemaTarget: FuzzTarget = {
  name: "avro schemas",
  property: () =>
    fc.property(json, fc.uint8Array({ maxLength: 20 }), (schema, bytes) => {
      oursOnly(() => avroLanguage.parse(JSON.stringify(schema), []));
      oursOnly(() => {
        const serde = avroBinary<unknown>(schema as AvroSchema);
        return serde.deserialize(Buffer.from(bytes), 0, bytes.length);
      });
    }),
};
