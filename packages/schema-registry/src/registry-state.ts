import { type Compatibility, rulesOf } from "./compatibility.ts";
import { SchemaRegistryError } from "./registry-error.ts";
import type { ParsedSchema, SchemaLanguage } from "./schema-language.ts";
import type { ReferencedSchema, RegisteredSchema, SchemaReference, SchemaText } from "./schema-text.ts";

/** A version of a subject. */
export interface SubjectVersion {
  readonly id: number;
  readonly version: number;
  readonly text: SchemaText;
  readonly registered: RegisteredSchema;
}

interface Version extends SubjectVersion {
  readonly parsed: ParsedSchema;
}

/**
 * What a schema registry keeps and how it judges, without its HTTP: ids from 1, the same id for the same schema under
 * every subject, compatibility as the subject or the registry has it. For tests, and for a registry inside a process.
 */
export class RegistryState {
  /** The global level: Confluent's default. */
  globalLevel: Compatibility = "BACKWARD";
  readonly levels: Map<string, Compatibility> = new Map();
  readonly #languages: ReadonlyMap<string, SchemaLanguage>;
  readonly #subjects = new Map<string, Version[]>();
  readonly #ids = new Map<string, number>();
  readonly #schemas: RegisteredSchema[] = [];
  readonly #texts: SchemaText[] = [];

  constructor(languages: readonly SchemaLanguage[]) {
    this.#languages = new Map(languages.map((language) => [language.schemaType, language]));
  }

  get subjects(): readonly string[] {
    return [...this.#subjects.keys()];
  }

  /** The subject's versions, the oldest first; undefined for a subject that there is not. */
  versions(subject: string): readonly SubjectVersion[] | undefined {
    return this.#subjects.get(subject);
  }

  schema(id: number): RegisteredSchema | undefined {
    return this.#schemas[id - 1];
  }

  /** What a schema references directly. */
  referencesOf(id: number): readonly SchemaReference[] {
    return this.#texts[id - 1]?.references ?? [];
  }

  /** The version that the schema is of its subject. Throws INVALID_SCHEMA. */
  find(subject: string, text: SchemaText): SubjectVersion | undefined {
    const key = keyOf(text, this.#parse(text).parsed);
    return this.#subjects.get(subject)?.find((version) => keyOf(version.text, version.parsed) === key);
  }

  /** Throws INVALID_SCHEMA, and INCOMPATIBLE_SCHEMA with what the subject's level forbids. */
  register(subject: string, text: SchemaText): SubjectVersion {
    const found = this.find(subject, text);
    if (found !== undefined) return found;
    const { parsed, registered } = this.#parse(text);
    const versions = this.#subjects.get(subject) ?? [];
    this.#judge(subject, text, parsed, versions);
    const key = keyOf(text, parsed);
    const id = this.#ids.get(key) ?? this.#schemas.push(registered);
    this.#ids.set(key, id);
    this.#texts[id - 1] ??= text;
    const version = { id, version: versions.length + 1, text, registered, parsed };
    this.#subjects.set(subject, [...versions, version]);
    return version;
  }

  #judge(subject: string, text: SchemaText, parsed: ParsedSchema, versions: readonly Version[]): void {
    const level = this.levels.get(subject) ?? this.globalLevel;
    const { backward, forward, transitive } = rulesOf(level);
    for (const old of transitive ? versions : versions.slice(-1)) {
      const problems =
        old.text.schemaType === text.schemaType
          ? [
              ...(backward ? parsed.problemsReading(old.parsed) : []),
              ...(forward ? old.parsed.problemsReading(parsed) : []),
            ]
          : backward || forward
            ? [`it is in ${text.schemaType}, and version ${old.version} in ${old.text.schemaType}`]
            : [];
      if (problems.length > 0)
        throw new SchemaRegistryError(
          "INCOMPATIBLE_SCHEMA",
          `the schema is incompatible with version ${old.version} of subject "${subject}" under ${level}: ${problems.join("; ")}`,
        );
    }
  }

  #parse(text: SchemaText): { readonly parsed: ParsedSchema; readonly registered: RegisteredSchema } {
    const language = this.#languages.get(text.schemaType);
    if (language === undefined)
      throw new SchemaRegistryError(
        "INVALID_SCHEMA",
        `this registry knows schemas in ${[...this.#languages.keys()].join(", ")} only, not in ${text.schemaType}`,
      );
    const references = this.#references(text, new Map());
    return {
      parsed: language.parse(text.schema, references),
      registered: { schemaType: text.schemaType, schema: text.schema, references },
    };
  }

  #references(text: SchemaText, found: Map<string, ReferencedSchema>): readonly ReferencedSchema[] {
    for (const { name, subject, version } of text.references ?? []) {
      const referenced = this.#subjects.get(subject)?.[version - 1];
      if (referenced === undefined)
        throw new SchemaRegistryError(
          "INVALID_SCHEMA",
          `the schema references version ${version} of subject "${subject}", which there is not`,
        );
      this.#references(referenced.text, found);
      found.set(`${name}\n${subject}\n${version}`, { name, schema: referenced.text.schema });
    }
    return [...found.values()];
  }
}

const keyOf = ({ schemaType, references = [] }: SchemaText, { canonical }: ParsedSchema): string =>
  JSON.stringify([schemaType, canonical, references]);
