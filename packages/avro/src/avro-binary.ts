import type { Serde } from "@millrace/streams";
import { AvroError } from "./avro-error.ts";
import { admitsNull, formOf } from "./avro.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { compileReader } from "./codec/compile-reader.ts";
import { compileWriter } from "./codec/compile-writer.ts";
import type { ValueForm } from "./codec/value-form.ts";
import { nameOf } from "./schema/schema-node.ts";
import { parseSchema } from "./schema/parse-schema.ts";

/**
 * Avro without framing and registry: for state and repartition topics, which nobody else reads. The bytes do not say
 * what wrote them, so the schema can't change while there are any. Throws an AvroError on what it can't read or write.
 */
export const avroBinary = <T>(schema: AvroSchema<T>, form: Partial<ValueForm> = {}): Serde<T> => {
  const node = parseSchema(schema);
  const nullable = admitsNull(node);
  const name = `avro binary ${nameOf(node)}`;
  const read = compileReader<T>(node, node, formOf(form));
  const write = compileWriter(node, formOf(form));
  return {
    name,
    serialize: Object.assign((value: T) => (value === null && nullable ? null : write(value, 0)), {
      into: (value: T, target: Buffer, at: number) =>
        value === null && nullable ? -1 : write.into(value, target, at),
    }),
    deserialize: (source, start, end) => {
      if (start < 0 && nullable) return null as T;
      if (start < 0) throw new AvroError("NULL_PAYLOAD", `null where ${name} is expected`);
      return read(source, start, end);
    },
  };
};
