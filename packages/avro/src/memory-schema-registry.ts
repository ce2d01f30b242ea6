import type { Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { avroType } from "./avro-type.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

/**
 * A registry in this process, for tests: ids from 1, and the same schema has the same id under every subject, as in
 * the real ones. It does not judge compatibility.
 */
export const memorySchemaRegistry = (): SchemaRegistry => {
  const ids = new Map<string, number>();
  const types: Type[] = [];
  const subjects = new Set<string>();
  return {
    url: "memory:",
    register: async (subject, schema) => {
      const text = textOf(schema);
      const id = ids.get(text) ?? types.push(avroType(schema));
      ids.set(text, id);
      subjects.add(keyOf(subject, text));
      return id;
    },
    lookup: async (subject, schema) => {
      const text = textOf(schema);
      const id = ids.get(text);
      if (id !== undefined && subjects.has(keyOf(subject, text))) return id;
      throw new AvroError("SCHEMA_REGISTRY", `the schema is not registered under subject "${subject}"`);
    },
    fetchSchema: () => undefined,
    writerSchema: (id) => {
      const type = types[id - 1];
      if (type === undefined) throw new AvroError("UNKNOWN_SCHEMA_ID", `no schema ${id} was registered here`);
      return type;
    },
  };
};

const keyOf = (subject: string, text: string): string => `${subject}\n${text}`;

const textOf = (schema: AvroSchema): string => (typeof schema === "string" ? schema : JSON.stringify(schema));
