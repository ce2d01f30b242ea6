import type { ReferencedSchema, SchemaType } from "./schema-text.ts";

/** What a registry must know about a language to judge its schemas: the memory registry asks a serde's package for it. */
export interface SchemaLanguage {
  readonly schemaType: SchemaType;
  /** Throws a MillraceError INVALID_SCHEMA on what a registry would refuse, too. */
  readonly parse: (schema: string, references: readonly ReferencedSchema[]) => ParsedSchema;
}

/** A schema as its language understands it. */
export interface ParsedSchema {
  /** Equal for schemas that differ in nothing but how they are written down. */
  readonly canonical: string;
  /** Why this schema can't read everything that the other one wrote; empty when it can. Both are of one language. */
  readonly problemsReading: (writer: ParsedSchema) => readonly string[];
}
