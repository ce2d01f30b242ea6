import type { RegisteredSchema } from "@millrace/schema-registry";
import { AvroError } from "./avro-error.ts";
import { parseSchema } from "./schema/parse-schema.ts";
import type { SchemaNode } from "./schema/schema-node.ts";

/** What a registered schema means to who reads with it: names and defaults in it are as they are. Throws INVALID_SCHEMA. */
export const writerNode = ({ schemaType, schema, references }: RegisteredSchema): SchemaNode => {
  if (schemaType !== "AVRO")
    throw new AvroError(
      "INVALID_SCHEMA",
      `the record was written with a schema in ${schemaType}, not in Avro`,
    );
  return parseSchema(schema, { references: references.map((reference) => reference.schema), strict: false });
};
