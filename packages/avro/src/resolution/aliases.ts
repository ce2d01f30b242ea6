import type { RecordNode, SchemaNode } from "../schema/schema-node.ts";

/** The names that a reader's schema knows types and fields of older schemas by. */
export interface Aliases {
  /** What the reader calls the type of this full name. */
  readonly typeName: (fullName: string) => string;
  /** What it calls the field; the record by its full name in the reader's schema. */
  readonly fieldName: (record: string, field: string) => string;
}

/** A later alias wins over an earlier one, as in Avro's Java library. */
export const aliasesOf = (reader: SchemaNode): Aliases => {
  const types = new Map<string, string>();
  const fields = new Map<string, Map<string, string>>();
  const seen = new Set<SchemaNode>();
  const visit = (node: SchemaNode): void => {
    if ("aliases" in node) for (const alias of node.aliases) types.set(alias, node.fullName);
    if (node.kind === "array") visit(node.items);
    else if (node.kind === "map") visit(node.values);
    else if (node.kind === "union") node.branches.forEach(visit);
    else if (node.kind === "record" && !seen.has(node)) {
      seen.add(node);
      addFields(node, fields);
      for (const field of node.fields) visit(field.type);
    }
  };
  visit(reader);
  return {
    typeName: (fullName) => types.get(fullName) ?? fullName,
    fieldName: (record, field) => fields.get(record)?.get(field) ?? field,
  };
};

const addFields = (record: RecordNode, fields: Map<string, Map<string, string>>): void => {
  const aliased = record.fields.flatMap((field) =>
    field.aliases.map((alias) => [alias, field.name] as const),
  );
  if (aliased.length > 0) fields.set(record.fullName, new Map(aliased));
};
