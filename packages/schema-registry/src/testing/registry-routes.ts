import { MillraceError } from "@millrace/streams";
import type { Compatibility } from "../compatibility.ts";
import type { RegistryState, SubjectVersion } from "../registry-state.ts";
import type { SchemaReference, SchemaText, SchemaType } from "../schema-text.ts";

/** A status, and what is said with it. */
export interface RouteAnswer {
  readonly code: number;
  readonly value: unknown;
}

/** Answers one request as Confluent's API does, its error codes included. */
export const answer = (state: RegistryState, method: string, path: string, body: unknown): RouteAnswer => {
  const [kind = "", name = "", third, fourth] = path.split("/").slice(1).map(decodeURIComponent);
  try {
    if (kind === "subjects") return subjects(state, method, name, third, fourth, body);
    if (kind === "schemas" && name === "ids") {
      const schema = state.schema(Number(third));
      return schema === undefined
        ? missing(40_403, "Schema")
        : ok(
            withType(schema.schemaType, {
              schema: schema.schema,
              references: state.referencesOf(Number(third)),
            }),
          );
    }
    if (kind === "config") return config(state, method, name, body);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    const code = error.code === "INCOMPATIBLE_SCHEMA" ? 409 : 422;
    return { code, value: { error_code: code === 409 ? 409 : 42_201, message: error.message } };
  }
  return missing(404, path);
};

const subjects = (
  state: RegistryState,
  method: string,
  name: string,
  third: string | undefined,
  version: string | undefined,
  body: unknown,
): RouteAnswer => {
  if (name === "") return ok(state.subjects);
  if (method === "POST") {
    const text = textIn(body);
    if (third === "versions") return ok({ id: state.register(name, text).id });
    if (state.versions(name) === undefined) return missing(40_401, `Subject '${name}'`);
    const found = state.find(name, text);
    return found === undefined ? missing(40_403, "Schema") : ok(shown(name, found));
  }
  const versions = state.versions(name);
  if (versions === undefined) return missing(40_401, `Subject '${name}'`);
  if (version === undefined) return ok(versions.map((one) => one.version));
  const found = version === "latest" ? versions.at(-1) : versions[Number(version) - 1];
  return found === undefined ? missing(40_402, `Version ${version}`) : ok(shown(name, found));
};

const config = (state: RegistryState, method: string, subject: string, body: unknown): RouteAnswer => {
  if (method !== "PUT") {
    const level = subject === "" ? state.globalLevel : state.levels.get(subject);
    return level === undefined
      ? missing(40_408, `Subject '${subject}' does not have subject-level compatibility configured`)
      : ok({ compatibilityLevel: level });
  }
  const level = (body as { readonly compatibility: Compatibility }).compatibility;
  if (subject === "") state.globalLevel = level;
  else state.levels.set(subject, level);
  return ok({ compatibility: level });
};

const shown = (subject: string, { id, version, text }: SubjectVersion): unknown =>
  withType(text.schemaType, {
    subject,
    id,
    version,
    schema: text.schema,
    ...(text.references !== undefined && { references: text.references }),
  });

/** Avro is what has no type. */
const withType = (schemaType: SchemaType, value: object): object =>
  schemaType === "AVRO" ? value : { ...value, schemaType };

const textIn = (body: unknown): SchemaText => {
  const { schema, schemaType, references } = (body ?? {}) as {
    readonly schema?: unknown;
    readonly schemaType?: SchemaType;
    readonly references?: readonly SchemaReference[];
  };
  return { schemaType: schemaType ?? "AVRO", schema: String(schema), ...(references && { references }) };
};

const ok = (value: unknown): RouteAnswer => ({ code: 200, value });

const missing = (code: number, what: string): RouteAnswer => ({
  code: 404,
  value: { error_code: code, message: `${what} not found.` },
});
