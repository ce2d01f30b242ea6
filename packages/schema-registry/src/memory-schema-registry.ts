import { both, type Compatibility } from "./compatibility.ts";
import { SchemaRegistryError } from "./registry-error.ts";
import { RegistryState } from "./registry-state.ts";
import type { SchemaLanguage } from "./schema-language.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import { schemaText } from "./schema-text.ts";

/**
 * A registry in this process, for tests. It refuses what a real one would refuse: schemas that are none, and versions
 * that can't read what older ones wrote. Each serde's package exports one that knows its own language.
 */
export const memorySchemaRegistry = (...languages: readonly SchemaLanguage[]): SchemaRegistry => {
  const state = new RegistryState(languages);
  return {
    url: "memory:",
    register: async (subject, source, wanted: Compatibility = "BACKWARD_TRANSITIVE") => {
      if (!state.levels.has(subject)) state.levels.set(subject, both(wanted, state.globalLevel));
      return state.register(subject, schemaText(source)).id;
    },
    lookup: async (subject, source) => {
      const found = state.find(subject, schemaText(source));
      if (found !== undefined) return found.id;
      throw new SchemaRegistryError(
        "SCHEMA_REGISTRY",
        `the schema is not registered under subject "${subject}"`,
      );
    },
    fetchSchema: () => undefined,
    writerSchema: (id) => {
      const schema = state.schema(id);
      if (schema === undefined)
        throw new SchemaRegistryError("UNKNOWN_SCHEMA_ID", `no schema ${id} was registered here`);
      return schema;
    },
  };
};
