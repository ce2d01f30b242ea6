import type { Log } from "@millrace/streams";
import { addressesOf } from "./addresses.ts";
import type { Compatibility } from "./compatibility.ts";
import { HttpRequester } from "./http-requester.ts";
import { Persistence } from "./persistence.ts";
import { RegistryClient } from "./registry-client.ts";
import { SchemaRegistryError } from "./registry-error.ts";
import type { RegistryFailure } from "./registry-failure.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import type { SchemaRegistryOptions } from "./schema-registry-options.ts";
import { type RegisteredSchema, type SchemaSource, type SchemaText, schemaText } from "./schema-text.ts";
import { settleLevel } from "./subject-level.ts";

/** An id that the registry did not know is asked for again after this long, ms: the one that answered may be behind. */
const unknownForMs = 30_000;

/** What was learned about an id: its schema, or why it has none, and until when that counts. */
type Known =
  | { readonly schema: RegisteredSchema }
  | { readonly error: SchemaRegistryError; readonly until: number };

/** A Confluent-compatible schema registry, reached over HTTP. Asks nothing before it is asked. */
export const schemaRegistry = (options: SchemaRegistryOptions): SchemaRegistry =>
  new HttpSchemaRegistry(options);

/** The registry behind `schemaRegistry(...)`. */
class HttpSchemaRegistry implements SchemaRegistry {
  readonly url: string;
  readonly #client: RegistryClient;
  readonly #persistence: Persistence;
  readonly #patienceMs: number;
  readonly #log: Log | undefined;
  readonly #known = new Map<number, Known>();
  readonly #fetching = new Map<number, Promise<void>>();
  readonly #registered = new Map<string, Promise<number>>();

  constructor(options: SchemaRegistryOptions) {
    const { url, auth, ca, cert, key, passphrase, log, patienceMs = 30_000, deadlineMs = 10_000 } = options;
    const { urls, credentials } = addressesOf(url);
    this.url = urls.join(",");
    this.#client = new RegistryClient(
      urls,
      new HttpRequester({ auth: auth ?? credentials, ca, cert, key, passphrase, deadlineMs }),
    );
    this.#persistence = new Persistence(this.url, log);
    this.#patienceMs = patienceMs;
    this.#log = log;
  }

  register(
    subject: string,
    source: SchemaSource,
    compatibility: Compatibility = "BACKWARD_TRANSITIVE",
  ): Promise<number> {
    const schema = schemaText(source);
    const key = JSON.stringify([subject, compatibility, schema]);
    let registered = this.#registered.get(key);
    if (registered === undefined) {
      registered = this.#register(subject, schema, compatibility);
      this.#registered.set(key, registered);
      registered.catch(() => this.#registered.delete(key));
    }
    return registered;
  }

  async lookup(subject: string, schema: SchemaSource): Promise<number> {
    const answer = await this.#persistence.ask(this.#patienceMs, () =>
      this.#client.lookup(subject, schemaText(schema)),
    );
    if ("value" in answer) return answer.value;
    throw this.#refusal(`looking up the schema of subject "${subject}"`, answer.failure);
  }

  fetchSchema(id: number): Promise<void> | undefined {
    const known = this.#known.get(id);
    if (known !== undefined && ("schema" in known || known.until > performance.now())) return undefined;
    let fetching = this.#fetching.get(id);
    if (fetching === undefined) {
      fetching = this.#fetch(id).finally(() => this.#fetching.delete(id));
      this.#fetching.set(id, fetching);
    }
    return fetching;
  }

  writerSchema(id: number): RegisteredSchema {
    const known = this.#known.get(id);
    if (known === undefined)
      throw new SchemaRegistryError(
        "NOT_READY",
        `schema ${id} was not fetched from ${this.url}: await prepare() before reading`,
      );
    if ("schema" in known) return known.schema;
    throw known.error;
  }

  async #fetch(id: number): Promise<void> {
    const answer = await this.#persistence.ask(Number.POSITIVE_INFINITY, () => this.#client.schema(id));
    this.#known.set(
      id,
      "value" in answer
        ? { schema: answer.value }
        : { error: this.#noSchema(id, answer.failure), until: performance.now() + unknownForMs },
    );
  }

  async #register(subject: string, schema: SchemaText, wanted: Compatibility): Promise<number> {
    const answer = await this.#persistence.ask(this.#patienceMs, async () => {
      await settleLevel(this.#client, subject, wanted, this.#log);
      return await this.#client.register(subject, schema);
    });
    if ("failure" in answer)
      throw this.#refusal(`registering the schema of subject "${subject}"`, answer.failure);
    // What was registered here is read here without asking, unless there is more to it.
    if ((schema.references ?? []).length === 0)
      this.#known.set(answer.value, { schema: { ...schema, references: [] } });
    return answer.value;
  }

  #noSchema(id: number, { kind, message }: RegistryFailure): SchemaRegistryError {
    return kind === "missing"
      ? new SchemaRegistryError(
          "UNKNOWN_SCHEMA_ID",
          `the schema registry at ${this.url} knows no schema ${id}: ${message}`,
        )
      : new SchemaRegistryError(
          "INVALID_SCHEMA",
          `schema ${id} of the registry at ${this.url} can't be used: ${message}`,
        );
  }

  #refusal(what: string, { kind, message }: RegistryFailure): SchemaRegistryError {
    const where = `${what} at the schema registry ${this.url}`;
    if (kind === "incompatible")
      return new SchemaRegistryError(
        "INCOMPATIBLE_SCHEMA",
        `${where}: refused, as consumers could not read what older versions wrote. Give new fields a default, keep the ` +
          `types of old ones, or write to a new topic. It says: ${message}`,
      );
    if (kind === "missing")
      return new SchemaRegistryError(
        "SCHEMA_REGISTRY",
        `${where}: not found. Register it first. It says: ${message}`,
      );
    return new SchemaRegistryError("SCHEMA_REGISTRY", `${where} failed: ${message}; ${hintOf(kind)}`, {
      retriable: kind === "unreachable",
    });
  }
}

const hintOf = (kind: RegistryFailure["kind"]): string => {
  if (kind === "unreachable")
    return "check SCHEMA_REGISTRY_URL (some need a path, such as /apis/ccompat/v7), and that it runs";
  if (kind === "untrusted")
    return (
      "check whom to trust (SCHEMA_REGISTRY_SSL_CA), and who to be where it asks for a certificate " +
      "(SCHEMA_REGISTRY_SSL_CERT and SCHEMA_REGISTRY_SSL_KEY)"
    );
  return (
    "check what it permits, who asks (SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, or SCHEMA_REGISTRY_TOKEN), " +
    "and the schema"
  );
};
