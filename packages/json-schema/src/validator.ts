import type { ReferencedSchema } from "@millrace/schema-registry";
import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { JsonSchemaError } from "./json-schema-error.ts";

/** What is wrong with a value, where in it; undefined when nothing is. */
export type Validate = (value: unknown) => string | undefined;

const common: Options = {
  // As registries take them: with keywords of others, and of later drafts.
  strict: false,
  allErrors: false,
  // As JSON has them: what JavaScript's objects inherit, "constructor" for example, is no property of a value.
  ownProperties: true,
};

/**
 * A validator of a schema of draft 7 (which schemas without `$schema` are taken for), 2019-09 or 2020-12. References are
 * found by the names that the registry has them under. Throws INVALID_SCHEMA.
 */
export const validator = (schema: unknown, references: readonly ReferencedSchema[]): Validate => {
  try {
    const ajv = instanceFor(schema, {
      ...common,
      // Schemas of one $id may be of several versions: none is known by it to others. One without is known to itself by "#".
      addUsedSchema: !hasKeyword(schema, "$id"),
    });
    formats.default(ajv);
    for (const reference of references)
      ajv.addSchema(JSON.parse(reference.schema) as AnySchema, reference.name);
    const check = ajv.compile(schema as AnySchema);
    // It would answer with a promise, and that is true.
    if (hasKeyword(schema, "$async")) throw new Error("$async is ajv's own, and no keyword of JSON Schema");
    return (value) => problemOf(check, value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JsonSchemaError("INVALID_SCHEMA", `not a JSON Schema: ${reason}`, { cause: error });
  }
};

const problemOf = (check: ValidateFunction, value: unknown): string | undefined => {
  try {
    return check(value) ? undefined : described(check.errors?.[0]);
  } catch (error) {
    // A schema that names itself goes as deep as the value does.
    if (error instanceof RangeError) return `it is nested too deeply to be checked (${error.message})`;
    throw error;
  }
};

const hasKeyword = <Name extends string>(schema: unknown, name: Name): schema is Record<Name, unknown> =>
  typeof schema === "object" && schema !== null && name in schema;

const instanceFor = (schema: unknown, options: Options): Ajv => {
  const draft = hasKeyword(schema, "$schema") ? String(schema.$schema) : "draft-07";
  if (draft.includes("2020-12")) return new Ajv2020(options);
  if (draft.includes("2019-09")) return new Ajv2019(options);
  if (draft.includes("draft-07")) return new Ajv(options);
  throw new Error(`it is written for ${draft}; draft 7, 2019-09 and 2020-12 are known`);
};

const described = (error: ErrorObject | null | undefined): string =>
  error === null || error === undefined
    ? "it does not fit"
    : `${error.instancePath || "it"} ${error.message ?? error.keyword}`;
