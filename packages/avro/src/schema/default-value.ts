import type { RecordNode, SchemaNode } from "./schema-node.ts";

/** Throws on a field whose default is no value of its type. A union's may be one of any branch, as since Avro 1.12. */
export const checkDefaults = (root: SchemaNode): void => {
  for (const record of recordsIn(root))
    for (const field of record.fields)
      if (field.default !== undefined && !isValidDefault(field.type, field.default))
        throw new Error(`the default of "${field.name}" in "${record.fullName}" is no value of its type`);
};

/** Whether JSON can stand for a value of the type. */
export const isValidDefault = (node: SchemaNode, json: unknown): boolean => {
  switch (node.kind) {
    case "null":
      return json === null;
    case "boolean":
      return typeof json === "boolean";
    case "int":
      return typeof json === "number" && json === (json | 0);
    case "long":
      return typeof json === "bigint" ? json === BigInt.asIntN(64, json) : Number.isSafeInteger(json);
    case "float":
    case "double":
      return typeof json === "number" || typeof json === "bigint";
    case "string":
    case "bytes":
    case "fixed":
      return typeof json === "string";
    case "enum":
      return typeof json === "string" && node.symbols.includes(json);
    case "array":
      return Array.isArray(json) && json.every((item) => isValidDefault(node.items, item));
    case "map":
      return isObject(json) && Object.values(json).every((value) => isValidDefault(node.values, value));
    case "union":
      return node.branches.some((branch) => isValidDefault(branch, json));
    case "record":
      return (
        isObject(json) &&
        node.fields.every((field) => {
          const value = Object.hasOwn(json, field.name) ? json[field.name] : field.default;
          return value !== undefined && isValidDefault(field.type, value);
        })
      );
  }
};

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** Each record of a schema once. */
const recordsIn = (root: SchemaNode): ReadonlySet<RecordNode> => {
  const found = new Set<RecordNode>();
  const visit = (node: SchemaNode): void => {
    if (node.kind === "array") visit(node.items);
    else if (node.kind === "map") visit(node.values);
    else if (node.kind === "union") node.branches.forEach(visit);
    else if (node.kind === "record" && !found.has(node)) {
      found.add(node);
      for (const field of node.fields) visit(field.type);
    }
  };
  visit(root);
  return found;
};
