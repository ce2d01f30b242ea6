import type { Log } from "@millrace/streams";
import type { Compatibility } from "./compatibility.ts";
import { HttpSchemaRegistry } from "./http-schema-registry.ts";
import type { RegistryAuth } from "./http-requester.ts";
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

/** Where a registry is, and how it is asked. */
export interface SchemaRegistryOptions {
  /**
   * Base URL, with the path of Confluent's API where it has one; or several of the same registry, as a list or with
   * commas between them: the next is asked where one does not answer. Credentials in it are used as `auth`.
   */
  readonly url: string | readonly string[];
  /** Basic authentication, or a bearer token; a function is asked for the token before each request. */
  readonly auth?: RegistryAuth | undefined;
  /** Certificates (PEM) of the authorities that the registry's is checked against, instead of Node's own. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** A client's certificate and key (PEM), for registries that ask for one. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  /** Of the key, where it has one. */
  readonly passphrase?: string | undefined;
  /** Told about compatibility levels at start, and about a registry that does not answer. */
  readonly log?: Log;
  /** How long `register` and `lookup` go on asking a registry that is out of reach, ms; 30,000. */
  readonly patienceMs?: number;
  /** How long one request may take, ms; 10,000. */
  readonly deadlineMs?: number;
}

/** A Confluent-compatible schema registry, reached over HTTP. Asks nothing before it is asked. */
export const schemaRegistry = (options: SchemaRegistryOptions): SchemaRegistry =>
  new HttpSchemaRegistry(options);
