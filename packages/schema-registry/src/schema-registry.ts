import type { Compatibility } from "./compatibility.ts";
import type { RegisteredSchema, SchemaSource } from "./schema-text.ts";

/**
 * Where schemas have ids. What it answered once is kept: an id is asked for once, and from then on found without
 * waiting. Shared by all serdes of a process, whatever their language.
 */
export interface SchemaRegistry {
  /** Without credentials: for messages. */
  readonly url: string;
  /**
   * Registers the schema and answers its id. A subject without a compatibility level of its own is given this one first
   * (BACKWARD_TRANSITIVE unless said otherwise: a consumer must be able to read everything still retained), together with
   * what the registry's global level promises; a level that a subject has is never changed. Both are said in the log, and so is
   * a registry that does not permit it. Throws INCOMPATIBLE_SCHEMA, or SCHEMA_REGISTRY when it refuses or was out of
   * reach for `patienceMs`.
   */
  register(subject: string, schema: SchemaSource, compatibility?: Compatibility): Promise<number>;
  /** The id of a schema that is registered under the subject already; writes nothing. Throws SCHEMA_REGISTRY. */
  lookup(subject: string, schema: SchemaSource): Promise<number>;
  /**
   * Undefined when `writerSchema(id)` can answer, if only by throwing; else a promise for that moment, which never
   * rejects. A registry that does not say that it has no such schema is asked again and again: its silence says
   * nothing about the record.
   */
  fetchSchema(id: number): Promise<void> | undefined;
  /**
   * The schema with this id. Throws UNKNOWN_SCHEMA_ID, INVALID_SCHEMA for an answer of no use, and NOT_READY if it was
   * not fetched before.
   */
  writerSchema(id: number): RegisteredSchema;
}
