import type { ParsedSchema, SchemaLanguage } from "@millrace/schema-registry";
import { changedFields } from "./changed-fields.ts";
import { type ProtoFile, protoFile } from "./proto-file.ts";

interface ProtobufParsed extends ParsedSchema {
  readonly file: ProtoFile;
}

/** Protobuf, for registries that judge schemas: `memorySchemaRegistry`. */
export const protobufLanguage: SchemaLanguage = {
  schemaType: "PROTOBUF",
  parse: (schema, references): ProtobufParsed => {
    const file = protoFile(schema, references);
    return {
      file,
      canonical: JSON.stringify([file.root.toJSON(), file.messages]),
      problemsReading: (writer) => changedFields(file, (writer as ProtobufParsed).file),
    };
  },
};
