/** The languages that schemas are written in, by Confluent's names. */
export type SchemaType = "AVRO" | "JSON" | "PROTOBUF";

/** A schema that another one uses: which name it uses, and where the registry has it (Confluent's schema references). */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema as a registry is given it. */
export interface SchemaText {
  readonly schemaType: SchemaType;
  readonly schema: string;
  readonly references?: readonly SchemaReference[];
}

/**
 * A schema to register: with its language, or Avro's JSON alone, as object or text (a registry takes what has no
 * language for Avro, too).
 */
export type SchemaSource =
  | SchemaText
  | string
  | readonly unknown[]
  | { readonly [attribute: string]: unknown };

/** A referenced schema, and the name that it is referenced by. */
export interface ReferencedSchema {
  readonly name: string;
  readonly schema: string;
}

/** A schema as a registry gives it out. */
export interface RegisteredSchema {
  readonly schemaType: SchemaType;
  readonly schema: string;
  /** All that it references, directly or not, each after those that it references itself. */
  readonly references: readonly ReferencedSchema[];
}

/** The schema with its language. */
export const schemaText = (source: SchemaSource): SchemaText => {
  if (isSchemaText(source)) return source;
  return { schemaType: "AVRO", schema: typeof source === "string" ? quoted(source) : writeJson(source) };
};

const isSchemaText = (source: SchemaSource): source is SchemaText =>
  typeof source === "object" && "schemaType" in source && "schema" in source;

/** A bare name, such as `long`, is JSON only in quotes. */
const quoted = (text: string): string => (/^\s*[[{"]/.test(text) ? text : JSON.stringify(text));

/** JSON; bigints, which a default of a long may be, as integers. */
const writeJson = (value: unknown): string => {
  const bigints: string[] = [];
  const mark = "\u0000bigint";
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? `${mark}${bigints.push(item.toString()) - 1}` : item,
  );
  return bigints.length === 0
    ? text
    : text.replaceAll(/"\\u0000bigint(\d+)"/g, (_match, index: string) => bigints[Number(index)]!);
};
