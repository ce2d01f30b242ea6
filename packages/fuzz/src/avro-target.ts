import { avro, avroBinary, type AvroSchema } from "@millrace/avro";
import type { SchemaRegistry } from "@millrace/schema-registry";
import fc from "fast-check";
import { schemaPairs } from "../../avro/test/jvm/schema-pairs.ts";
import { valuesOf } from "../../avro/test/jvm/values-of.ts";
import { compileWriter } from "../../avro/src/codec/compile-writer.ts";
import { parseSchema } from "../../avro/src/schema/parse-schema.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { garbage, spoiling } from "./garbage.ts";
import { oursOnly } from "./ours-only.ts";

/** Readers of all sorts of schema pairs, on bytes of the writer's, spoiled or not, and on no bytes of anyone's. */
export const avroTarget: FuzzTarget = {
  name: "avro",
  property: () =>
    fc.property(
      schemaPairs,
      fc.array(garbage, { maxLength: 10 }),
      fc.array(spoiling, { minLength: 20, maxLength: 60 }),
      fc.gen(),
      (pair, bytes, spoils, gen) => {
        const writer = pair.writer as AvroSchema;
        const node = oursOnly(() => parseSchema(writer, { strict: false }));
        const reader = oursOnly(() =>
          avro<unknown>({
            registry: knowing(JSON.stringify(pair.writer)),
            schema: pair.reader,
          }),
        );
        const readers = [reader, oursOnly(() => avroBinary<unknown>(writer))].filter(
          (serde) => serde !== undefined,
        );
        const write = node && compileWriter(node, { longs: "bigint", decimals: "bytes", ...named });
        const written =
          write === undefined || node === undefined
            ? Buffer.alloc(0)
            : write(
                gen(() => valuesOf(node)),
                0,
              );
        for (const body of [...bytes, written, ...spoils.map((spoil) => spoil(written))])
          for (const source of [body, Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), body])])
            for (const serde of readers) oursOnly(() => serde.deserialize(source, 0, source.length));
      },
    ),
};

/** As values are made. */
const named = { wrapAll: true };

/** A registry whose schemas are all this one. */
const knowing = (schema: string): SchemaRegistry => ({
  url: "memory:",
  register: async () => 1,
  lookup: async () => 1,
  fetchSchema: () => undefined,
  writerSchema: () => ({ schemaType: "AVRO", schema, references: [] }),
});
