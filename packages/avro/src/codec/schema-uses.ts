import type { RecordNode, SchemaNode } from "../schema/schema-node.ts";

/** How often each record is used in a schema. */
export const recordUses = (root: SchemaNode): ReadonlyMap<RecordNode, { readonly once: boolean }> => {
  const uses = new Map<RecordNode, { once: boolean }>();
  const visit = (node: SchemaNode): void => {
    if (node.kind === "array") visit(node.items);
    else if (node.kind === "map") visit(node.values);
    else if (node.kind === "union") node.branches.forEach(visit);
    else if (node.kind === "record") {
      const known = uses.get(node);
      uses.set(node, { once: known === undefined });
      if (known === undefined) for (const field of node.fields) visit(field.type);
    }
  };
  visit(root);
  return uses;
};
