import { COMPATIBILITY, SchemaRegistry as Client, SchemaType } from "@kafkajs/confluent-schema-registry";
import avsc, { type Type } from "avsc";
import { RegistryDeadlineError } from "./registry-failure.ts";

/** Confluent's names of what a new version of a schema must be able to do. */
export type Compatibility = keyof typeof COMPATIBILITY;

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** The part of the client's own API object that it does not offer itself. */
interface Subjects {
  config(request: { subject: string }): Promise<{ data(): { compatibilityLevel: Compatibility } }>;
  updateConfig(request: { subject: string; body: { compatibility: Compatibility } }): Promise<unknown>;
}

/** @kafkajs/confluent-schema-registry, one request at a time, each with a deadline and none retried. */
export class RegistryClient {
  readonly #client: Client;
  readonly #subjects: Subjects;
  readonly #deadlineMs: number;

  constructor(host: string, auth: RegistryCredentials | undefined, deadlineMs: number) {
    this.#client = new Client({ host, ...(auth && { auth: { ...auth } }), retry: { retries: 0 } });
    this.#subjects = (this.#client["api"] as { readonly Subject: Subjects }).Subject;
    this.#deadlineMs = deadlineMs;
  }

  async compatibility(subject: string): Promise<Compatibility> {
    const response = await this.#within(this.#subjects.config({ subject }));
    return response.data().compatibilityLevel;
  }

  async setCompatibility(subject: string, compatibility: Compatibility): Promise<void> {
    await this.#within(this.#subjects.updateConfig({ subject, body: { compatibility } }));
  }

  /** `compatibility` must be what the subject has: the client refuses otherwise. */
  async register(subject: string, schema: string, compatibility: Compatibility): Promise<number> {
    const { id } = await this.#within(
      this.#client.register(
        { type: SchemaType.AVRO, schema },
        { subject, compatibility: COMPATIBILITY[compatibility] },
      ),
    );
    return id;
  }

  lookup(subject: string, schema: string): Promise<number> {
    return this.#within(this.#client.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema }));
  }

  /** Throws when the id is that of a schema in another language. */
  async schema(id: number): Promise<Type> {
    const schema = await this.#within(this.#client.getSchema(id));
    if (avsc.Type.isType(schema)) return schema as Type;
    throw new Error("it is not an Avro schema");
  }

  /** The client's HTTP library waits for ever for the rest of a response that was cut. */
  async #within<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new RegistryDeadlineError(`no answer within ${this.#deadlineMs} ms`)),
        this.#deadlineMs,
      );
    });
    try {
      return await Promise.race([answer, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }
}
