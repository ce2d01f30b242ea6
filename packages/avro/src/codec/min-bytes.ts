import type { SchemaNode } from "../schema/schema-node.ts";

/** The fewest bytes that a value takes, or less: a record inside itself counts as nothing. `known` is kept by the caller. */
export const minBytes = (node: SchemaNode, known: Map<SchemaNode, number>): number => {
  switch (node.kind) {
    case "null":
      return 0;
    case "float":
      return 4;
    case "double":
      return 8;
    case "fixed":
      return node.size;
    case "union":
      return 1 + Math.min(...node.branches.map((one) => minBytes(one, known)));
    case "record": {
      const found = known.get(node);
      if (found !== undefined) return found;
      known.set(node, 0);
      const least = node.fields.reduce((total, field) => total + minBytes(field.type, known), 0);
      known.set(node, least);
      return least;
    }
    case "boolean":
    case "int":
    case "long":
    case "bytes":
    case "string":
    case "enum":
    case "array":
    case "map":
      return 1;
  }
};
