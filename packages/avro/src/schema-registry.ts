import type { Log } from "@millrace/streams";
import type { Type } from "avsc";
import type { AvroSchema } from "./avro-schema.ts";
import { HttpSchemaRegistry } from "./http-schema-registry.ts";
import type { Compatibility, RegistryCredentials } from "./registry-client.ts";

/**
 * Where schemas have ids. What it answered once is kept: an id is asked for once, and from then on found without
 * waiting. Shared by all serdes of a process.
 */
export interface SchemaRegistry {
  /** Without credentials: for messages. */
  readonly url: string;
  /**
   * Sees to it that the subject's compatibility is this or stricter (BACKWARD_TRANSITIVE: a consumer must be able to
   * read everything still retained), then registers the schema. Answers its id. Throws INCOMPATIBLE_SCHEMA, or
   * SCHEMA_REGISTRY when it refuses or was out of reach for `patienceMs`.
   */
  register(subject: string, schema: AvroSchema, compatibility?: Compatibility): Promise<number>;
  /** The id of a schema that is registered under the subject already; writes nothing. Throws SCHEMA_REGISTRY. */
  lookup(subject: string, schema: AvroSchema): Promise<number>;
  /**
   * Undefined when `writerSchema(id)` can answer, if only by throwing; else a promise for that moment, which never
   * rejects. A registry that does not say that it has no such schema is asked again and again: its silence says
   * nothing about the record.
   */
  fetchSchema(id: number): Promise<void> | undefined;
  /** The schema with this id. Throws UNKNOWN_SCHEMA_ID, INVALID_SCHEMA, and NOT_READY if it was not fetched before. */
  writerSchema(id: number): Type;
}

export interface SchemaRegistryOptions {
  /** Base URL, with the path of Confluent's API where it has one. Credentials in it are used as `auth`. */
  readonly url: string;
  readonly auth?: RegistryCredentials | undefined;
  readonly log?: Log;
  /** How long `register` and `lookup` go on asking a registry that is out of reach, ms; 30,000. */
  readonly patienceMs?: number;
  /** How long one request may take, ms; 10,000. */
  readonly deadlineMs?: number;
}

/** A Confluent-compatible schema registry, reached over HTTP. Asks nothing before it is asked. */
export const schemaRegistry = (options: SchemaRegistryOptions): SchemaRegistry =>
  new HttpSchemaRegistry(options);
