import type { Serde } from "@millrace/streams";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { avroType, nameOf } from "./avro-type.ts";
import { reader } from "./reader.ts";
import { encode } from "./writer.ts";

/**
 * Avro without framing and registry: for state and repartition topics, which nobody else reads. The bytes do not say
 * what wrote them, so the schema can't change while there are any. Throws an AvroError on what it can't read or write.
 */
export const avroBinary = <T>(schema: AvroSchema<T>): Serde<T> => {
  const type = avroType(schema);
  const name = `avro binary ${nameOf(type)}`;
  const read = reader<T>(type, type);
  return {
    name,
    serialize: (value) => encode(type, value, 0),
    deserialize: (source, start, end) => {
      if (start < 0) throw new AvroError("NULL_PAYLOAD", `null where ${name} is expected`);
      return read(source, start, end);
    },
  };
};
