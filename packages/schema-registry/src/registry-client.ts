import { type Compatibility, compatibilityOf } from "./compatibility.ts";
import type { HttpRequester } from "./http-requester.ts";
import { type FailureKind, RegistryFailure } from "./registry-failure.ts";
import type {
  ReferencedSchema,
  RegisteredSchema,
  SchemaReference,
  SchemaText,
  SchemaType,
} from "./schema-text.ts";

/** Confluent's REST API, as far as serdes need it: one attempt each, at the first address that answers. Throws RegistryFailure. */
export class RegistryClient {
  readonly #urls: readonly string[];
  readonly #requester: HttpRequester;
  /** The address that answered last. */
  #current = 0;

  constructor(urls: readonly string[], requester: HttpRequester) {
    this.#urls = urls;
    this.#requester = requester;
  }

  /** The subject's own level, or the global one; undefined where it has none. */
  async compatibility(subject?: string): Promise<Compatibility | undefined> {
    try {
      const answer = await this.#ask(
        "GET",
        subject === undefined ? "/config" : `/config/${encodeURIComponent(subject)}`,
      );
      const name = textIn(answer, "compatibilityLevel");
      if (name === undefined) return undefined;
      const level = compatibilityOf(name);
      if (level === undefined)
        throw new RegistryFailure("useless", `it is "${name}", which is not known here`);
      return level;
    } catch (error) {
      if (error instanceof RegistryFailure && error.kind === "missing") return undefined;
      throw error;
    }
  }

  async setCompatibility(subject: string, compatibility: Compatibility): Promise<void> {
    await this.#ask("PUT", `/config/${encodeURIComponent(subject)}`, { compatibility });
  }

  async register(subject: string, schema: SchemaText): Promise<number> {
    return idIn(await this.#ask("POST", `/subjects/${encodeURIComponent(subject)}/versions`, bodyOf(schema)));
  }

  async lookup(subject: string, schema: SchemaText): Promise<number> {
    return idIn(await this.#ask("POST", `/subjects/${encodeURIComponent(subject)}`, bodyOf(schema)));
  }

  async schema(id: number): Promise<RegisteredSchema> {
    const answer = await this.#ask("GET", `/schemas/ids/${id}`);
    const references = new Map<string, ReferencedSchema>();
    for (const reference of referencesIn(answer)) await this.#collect(reference, references, new Set());
    return { schemaType: typeIn(answer), schema: schemaIn(answer), references: [...references.values()] };
  }

  /** Depth first, so that each schema comes after those that it names. */
  async #collect(
    { name, subject, version }: SchemaReference,
    found: Map<string, ReferencedSchema>,
    above: ReadonlySet<string>,
  ): Promise<void> {
    const key = `${name}\n${subject}\n${version}`;
    if (found.has(key)) return;
    const place = `${subject}\n${version}`;
    if (above.has(place)) throw new RegistryFailure("useless", `its references lead back to "${name}"`);
    // Versions whose subject was deleted since are still there for those that reference them.
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}?deleted=true`;
    const answer = await this.#ask("GET", path).catch((error: unknown) => {
      if (!(error instanceof RegistryFailure) || error.kind !== "missing") throw error;
      throw new RegistryFailure("useless", `it names "${name}", and ${error.message}`);
    });
    for (const reference of referencesIn(answer))
      await this.#collect(reference, found, new Set([...above, place]));
    found.set(key, { name, schema: schemaIn(answer) });
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    let failure: RegistryFailure | undefined;
    for (let i = 0; i < this.#urls.length; i++) {
      const index = (this.#current + i) % this.#urls.length;
      try {
        const answer = await this.#requester.ask(method, this.#urls[index]! + path, body);
        this.#current = index;
        return answer;
      } catch (error) {
        if (!(error instanceof RegistryFailure) || !elsewhere.has(error.kind)) throw error;
        // A certificate is what somebody can do something about.
        if (failure?.kind !== "untrusted") failure = error;
      }
    }
    throw failure ?? new RegistryFailure("unreachable", "no address");
  }
}

/** What another address of the same registry may not suffer from. */
const elsewhere: ReadonlySet<FailureKind> = new Set(["unreachable", "untrusted"]);

const bodyOf = ({ schemaType, schema, references = [] }: SchemaText): unknown => ({
  schema,
  // Older registries know Avro only, and no word for it.
  ...(schemaType !== "AVRO" && { schemaType }),
  ...(references.length > 0 && { references }),
});

const textIn = (answer: unknown, attribute: string): string | undefined => {
  const value =
    typeof answer === "object" && answer !== null
      ? (answer as Record<string, unknown>)[attribute]
      : undefined;
  return typeof value === "string" ? value : undefined;
};

const idIn = (answer: unknown): number => {
  const id = typeof answer === "object" && answer !== null && "id" in answer ? answer.id : undefined;
  if (typeof id === "number" && Number.isInteger(id)) return id;
  throw new RegistryFailure("useless", "it answered without an id");
};

const schemaIn = (answer: unknown): string => {
  const schema = textIn(answer, "schema");
  if (schema === undefined) throw new RegistryFailure("useless", "it answered without a schema");
  return schema;
};

const typeIn = (answer: unknown): SchemaType => {
  const type = textIn(answer, "schemaType") ?? "AVRO";
  if (type === "AVRO" || type === "JSON" || type === "PROTOBUF") return type;
  throw new RegistryFailure("useless", `it is a schema in ${type}`);
};

const referencesIn = (answer: unknown): readonly SchemaReference[] => {
  const list =
    typeof answer === "object" && answer !== null && "references" in answer ? answer.references : undefined;
  if (list === undefined || list === null) return [];
  if (Array.isArray(list) && list.every(isReference)) return list;
  throw new RegistryFailure("useless", "it answered with references that are none");
};

const isReference = (given: unknown): given is SchemaReference =>
  typeof given === "object" &&
  given !== null &&
  "name" in given &&
  typeof given.name === "string" &&
  "subject" in given &&
  typeof given.subject === "string" &&
  "version" in given &&
  typeof given.version === "number";
