import type { Serde } from "@millrace/streams";
import avsc, { type Schema } from "avsc";
import { AvroError } from "./avro-error.ts";
import { decode } from "./reader.ts";
import { encode } from "./writer.ts";

/**
 * Avro without framing and registry: for state, which nobody else reads. Its schema can't change while there is
 * state in it.
 */
export const avroBinary = <T>(schema: Schema): Serde<T> => {
  const type = avsc.Type.forSchema(schema);
  return {
    name: `avro binary ${type.name ?? "value"}`,
    serialize: (value) => encode(type, value, 0),
    deserialize: (source, start, end) => {
      if (start < 0) throw new AvroError("AVRO_NULL", "null where Avro bytes are expected");
      return decode(type, undefined, source, start, end) as T;
    },
  };
};
