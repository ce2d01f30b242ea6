import { COMPATIBILITY, SchemaRegistry as Client } from "@kafkajs/confluent-schema-registry";
import type { Log } from "@millrace/streams";
import avsc, { type Schema, type Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import { messageOf } from "./message-of.ts";

export interface SchemaRegistryOptions {
  readonly url: string;
  readonly auth?: { readonly username: string; readonly password: string };
  readonly log?: Log;
  /** How long `register` tries a registry that does not answer, ms; 30,000. A writer's schema is asked for without end. */
  readonly patienceMs?: number;
}

/** An id that the registry does not know is asked for again after this long, ms: it may have been behind. */
const unknownForMs = 30_000;
const firstWaitMs = 200;
const longestWaitMs = 5_000;

/**
 * A Confluent-compatible schema registry. Everything it answers is kept: an id is asked for once, and from then on
 * found without waiting.
 */
export class SchemaRegistry {
  readonly #client: Client;
  readonly #options: SchemaRegistryOptions;
  readonly #writers = new Map<number, Type>();
  readonly #unknown = new Map<number, number>();
  readonly #asking = new Map<number, Promise<void>>();
  readonly #registered = new Map<string, Promise<number>>();

  constructor(options: SchemaRegistryOptions) {
    this.#options = options;
    this.#client = new Client({
      host: options.url.replace(/\/$/, ""),
      ...(options.auth && { auth: options.auth }),
      retry: { retries: 0 },
    });
  }

  /**
   * Registers a schema under a subject, and sets the subject's compatibility if it has none yet; BACKWARD_TRANSITIVE
   * unless said otherwise. Answers its id. Throws AVRO_INCOMPATIBLE, or SCHEMA_REGISTRY when there is no answer.
   */
  register(
    subject: string,
    schema: Schema,
    compatibility: keyof typeof COMPATIBILITY = "BACKWARD_TRANSITIVE",
  ): Promise<number> {
    const text = JSON.stringify(schema);
    const key = `${subject}\n${text}`;
    let registered = this.#registered.get(key);
    if (registered === undefined) {
      registered = this.#register(subject, text, COMPATIBILITY[compatibility]);
      this.#registered.set(key, registered);
      registered.catch(() => this.#registered.delete(key));
    }
    return registered;
  }

  /** The schema of an id that was asked for before; undefined if it is not known (yet). */
  writer(id: number): Type | undefined {
    return this.#writers.get(id);
  }

  /**
   * Undefined when `writer(id)` can answer, or it is known that the registry has no such id; else a promise for that
   * moment. A registry that fails otherwise is asked again and again: its silence says nothing about the record.
   */
  prepare(id: number): Promise<void> | undefined {
    if (this.#writers.has(id)) return undefined;
    const unknownUntil = this.#unknown.get(id);
    if (unknownUntil !== undefined && unknownUntil > performance.now()) return undefined;
    let asking = this.#asking.get(id);
    if (asking === undefined) {
      asking = this.#ask(id).finally(() => this.#asking.delete(id));
      this.#asking.set(id, asking);
    }
    return asking;
  }

  async #ask(id: number): Promise<void> {
    const type = await this.#persist(`schema ${id}`, Number.POSITIVE_INFINITY, () =>
      this.#client.getSchema(id),
    );
    if (type === undefined) this.#unknown.set(id, performance.now() + unknownForMs);
    else this.#writers.set(id, type as Type);
  }

  async #register(subject: string, schema: string, compatibility: COMPATIBILITY): Promise<number> {
    const { patienceMs = 30_000 } = this.#options;
    const registered = await this.#persist(`registering "${subject}"`, patienceMs, () =>
      this.#client.register({ type: "AVRO" as never, schema }, { subject, compatibility }),
    );
    if (registered === undefined)
      throw new AvroError(
        "SCHEMA_REGISTRY",
        `the schema registry at ${this.#options.url} has no subject "${subject}"`,
      );
    // What was registered here is read here without asking.
    this.#writers.set(registered.id, avsc.Type.forSchema(JSON.parse(schema) as Schema));
    return registered.id;
  }

  /** Until it is answered: undefined for 404. */
  async #persist<T>(what: string, patienceMs: number, body: () => Promise<T>): Promise<T | undefined> {
    const { url, log } = this.#options;
    const giveUp = performance.now() + patienceMs;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs))
      try {
        return await body();
      } catch (error) {
        const status = (error as { readonly status?: number }).status;
        if (status === 404) return undefined;
        if (status === 409)
          throw new AvroError(
            "AVRO_INCOMPATIBLE",
            `${what}: the registry at ${url} refuses the schema, as consumers of what is retained could not read it ` +
              `(${messageOf(error)}); give new fields a default, and do not change the types of old ones`,
            { cause: error },
          );
        const final =
          status !== undefined && status >= 400 && status < 500 && status !== 429 && !isNetwork(error);
        if (final || isConfigurationError(error) || performance.now() + waitMs > giveUp)
          throw new AvroError(
            "SCHEMA_REGISTRY",
            `${what} at the schema registry ${url} failed: ${reason(error)}; check SCHEMA_REGISTRY_URL, and that it runs`,
            { cause: error, retriable: !final },
          );
        log?.(
          "warn",
          `${what}: the schema registry at ${url} does not answer (${reason(error)}); trying again`,
          {
            waitMs,
          },
        );
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
  }
}

/** Errors that the client finds without asking. */
const isConfigurationError = (error: unknown): boolean =>
  error instanceof Error && /Compatibility|Argument|Validation/.test(error.name);

/** The client's HTTP library answers 400 where nobody answered. */
const isNetwork = (error: unknown): boolean =>
  /ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|socket hang up|timeout/i.test(reason(error));

const reason = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? `${messageOf(error)}: ${cause.message}` : messageOf(error);
};
