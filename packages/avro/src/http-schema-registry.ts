import type { Log } from "@millrace/streams";
import type { Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { avroType } from "./avro-type.ts";
import { messageOf } from "./message-of.ts";
import { Persistence } from "./persistence.ts";
import { type Compatibility, RegistryClient, type RegistryCredentials } from "./registry-client.ts";
import { type RegistryFailure, registryFailure } from "./registry-failure.ts";
import type { SchemaRegistry, SchemaRegistryOptions } from "./schema-registry.ts";

/** An id that the registry did not know is asked for again after this long, ms: the one that answered may be behind. */
const unknownForMs = 30_000;

/** What was learned about an id: its schema, or why it has none, and until when that counts. */
type Known = { readonly type: Type } | { readonly error: AvroError; readonly until: number };

/** The registry behind `schemaRegistry(...)`. */
export class HttpSchemaRegistry implements SchemaRegistry {
  readonly url: string;
  readonly #client: RegistryClient;
  readonly #persistence: Persistence;
  readonly #patienceMs: number;
  readonly #log: Log | undefined;
  readonly #known = new Map<number, Known>();
  readonly #fetching = new Map<number, Promise<void>>();
  readonly #registered = new Map<string, Promise<number>>();

  constructor({ url, auth, log, patienceMs = 30_000, deadlineMs = 10_000 }: SchemaRegistryOptions) {
    const { base, credentials } = withoutCredentials(url);
    this.url = base;
    this.#client = new RegistryClient(base, auth ?? credentials, deadlineMs);
    this.#persistence = new Persistence(base, log);
    this.#patienceMs = patienceMs;
    this.#log = log;
  }

  register(
    subject: string,
    schema: AvroSchema,
    compatibility: Compatibility = "BACKWARD_TRANSITIVE",
  ): Promise<number> {
    const text = textOf(schema);
    const key = `${subject}\n${compatibility}\n${text}`;
    let registered = this.#registered.get(key);
    if (registered === undefined) {
      registered = this.#register(subject, text, compatibility);
      this.#registered.set(key, registered);
      registered.catch(() => this.#registered.delete(key));
    }
    return registered;
  }

  async lookup(subject: string, schema: AvroSchema): Promise<number> {
    const answer = await this.#persistence.ask(this.#patienceMs, () =>
      this.#client.lookup(subject, textOf(schema)),
    );
    if ("value" in answer) return answer.value;
    throw this.#refusal(`looking up the schema of subject "${subject}"`, answer.failure);
  }

  fetchSchema(id: number): Promise<void> | undefined {
    const known = this.#known.get(id);
    if (known !== undefined && ("type" in known || known.until > performance.now())) return undefined;
    let fetching = this.#fetching.get(id);
    if (fetching === undefined) {
      fetching = this.#fetch(id).finally(() => this.#fetching.delete(id));
      this.#fetching.set(id, fetching);
    }
    return fetching;
  }

  writerSchema(id: number): Type {
    const known = this.#known.get(id);
    if (known === undefined)
      throw new AvroError(
        "NOT_READY",
        `schema ${id} was not fetched from ${this.url}: await prepare() before reading`,
      );
    if ("type" in known) return known.type;
    throw known.error;
  }

  async #fetch(id: number): Promise<void> {
    const answer = await this.#persistence.ask(Number.POSITIVE_INFINITY, () => this.#client.schema(id));
    this.#known.set(
      id,
      "value" in answer
        ? { type: answer.value }
        : { error: this.#noSchema(id, answer.failure), until: performance.now() + unknownForMs },
    );
  }

  async #register(subject: string, schema: string, wanted: Compatibility): Promise<number> {
    const answer = await this.#persistence.ask(this.#patienceMs, async () => {
      // Before the schema: a first version must not be followed by a second one that nobody judged.
      const compatibility = await this.#ensureCompatibility(subject, wanted);
      return await this.#client.register(subject, schema, compatibility);
    });
    if ("value" in answer) {
      // What was registered here is read here without asking.
      this.#known.set(answer.value, { type: avroType(schema) });
      return answer.value;
    }
    throw this.#refusal(`registering the schema of subject "${subject}"`, answer.failure);
  }

  async #ensureCompatibility(subject: string, wanted: Compatibility): Promise<Compatibility> {
    const found = await this.#client.compatibility(subject).catch((error: unknown) => {
      if (registryFailure(error).kind === "missing") return undefined;
      throw error;
    });
    if (found !== undefined && satisfying[wanted].includes(found)) return found;
    if (found !== undefined)
      this.#log?.("warn", `the compatibility of subject "${subject}" was ${found}; setting it to ${wanted}`, {
        subject,
      });
    await this.#client.setCompatibility(subject, wanted);
    return wanted;
  }

  #noSchema(id: number, { kind, reason }: RegistryFailure): AvroError {
    return kind === "missing"
      ? new AvroError(
          "UNKNOWN_SCHEMA_ID",
          `the schema registry at ${this.url} knows no schema ${id}: ${reason}`,
        )
      : new AvroError(
          "INVALID_SCHEMA",
          `schema ${id} of the registry at ${this.url} can't be used: ${reason}`,
        );
  }

  #refusal(what: string, { kind, reason }: RegistryFailure): AvroError {
    const where = `${what} at the schema registry ${this.url}`;
    if (kind === "incompatible")
      return new AvroError(
        "INCOMPATIBLE_SCHEMA",
        `${where}: refused, as consumers could not read what older versions wrote. Give new fields a default, keep the ` +
          `types of old ones, or write to a new topic. It says: ${reason}`,
      );
    if (kind === "missing")
      return new AvroError("SCHEMA_REGISTRY", `${where}: not found. Register it first. It says: ${reason}`);
    const hint =
      kind === "unreachable"
        ? "check SCHEMA_REGISTRY_URL (some need a path, such as /apis/ccompat/v7), and that it runs"
        : "check what it permits, and the schema";
    return new AvroError("SCHEMA_REGISTRY", `${where} failed: ${reason}; ${hint}`, {
      retriable: kind === "unreachable",
    });
  }
}

/** Levels that promise at least as much. */
const satisfying: Readonly<Record<Compatibility, readonly Compatibility[]>> = {
  NONE: [
    "NONE",
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
  ],
  BACKWARD: ["BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"],
  BACKWARD_TRANSITIVE: ["BACKWARD_TRANSITIVE", "FULL_TRANSITIVE"],
  FORWARD: ["FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"],
  FORWARD_TRANSITIVE: ["FORWARD_TRANSITIVE", "FULL_TRANSITIVE"],
  FULL: ["FULL", "FULL_TRANSITIVE"],
  FULL_TRANSITIVE: ["FULL_TRANSITIVE"],
};

const textOf = (schema: AvroSchema): string => (typeof schema === "string" ? schema : JSON.stringify(schema));

/** Throws SCHEMA_REGISTRY on what is no URL. */
const withoutCredentials = (text: string): { base: string; credentials: RegistryCredentials | undefined } => {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new AvroError("SCHEMA_REGISTRY", `"${text}" is no URL of a schema registry: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const base = url.href.replace(/\/$/, "");
  if (username === "") return { base, credentials: undefined };
  return {
    base,
    credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
};
