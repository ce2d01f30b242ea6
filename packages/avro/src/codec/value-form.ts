import { nameOf, type SchemaNode, type UnionNode } from "../schema/schema-node.ts";

/** Which JavaScript values stand for Avro's where there is a choice. */
export interface ValueForm {
  /** `number`: longs beyond ±(2^53 - 1) are errors. `bigint`: all longs are bigints. */
  readonly longs: "number" | "bigint";
  /** `bytes`: as on the wire, big-endian two's complement. `string`: "-12.50", exactly. */
  readonly decimals: "bytes" | "string";
}

/** Of `explainAvro`, which says the branch of every union's value, as Avro's own JSON does. */
export interface WrappingForm extends ValueForm {
  readonly wrapAll?: boolean;
}

export const defaultForm: ValueForm = { longs: "number", decimals: "bytes" };

/** What `typeof`, and a look at arrays and buffers, tell apart. */
export type Bucket = "null" | "boolean" | "number" | "bigint" | "string" | "buffer" | "array" | "object";

export const bucketOf = (node: Exclude<SchemaNode, UnionNode>, form: ValueForm): Bucket => {
  switch (node.kind) {
    case "null":
    case "boolean":
    case "string":
    case "array":
      return node.kind;
    case "int":
    case "float":
    case "double":
      return "number";
    case "long":
      return form.longs;
    case "enum":
      return "string";
    case "bytes":
    case "fixed":
      return isDecimalText(node, form) ? "string" : "buffer";
    case "map":
    case "record":
      return "object";
  }
};

/** Whether values of this type are decimal numbers written out. */
export const isDecimalText = (node: SchemaNode, form: ValueForm): boolean =>
  (node.kind === "bytes" || node.kind === "fixed") &&
  node.logical !== undefined &&
  form.decimals === "string";

/**
 * Whether values of a union say which branch they are of, as `{ branch: value }`: where JavaScript would not tell two
 * branches apart, such as two records. The rule is avsc's. Null is always plain null.
 */
export const isWrapped = ({ branches }: UnionNode, form: WrappingForm): boolean => {
  if (form.wrapAll === true) return true;
  const buckets = branches.map((branch) => bucketOf(branch as Exclude<SchemaNode, UnionNode>, form));
  return new Set(buckets).size < buckets.length;
};

/** The key that wraps a branch's values; undefined where they stand for themselves. */
export const wrapping = (branch: SchemaNode, union: UnionNode, form: ValueForm): string | undefined =>
  branch.kind !== "null" && isWrapped(union, form) ? nameOf(branch) : undefined;
