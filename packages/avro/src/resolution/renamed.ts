import { qualifiedName } from "../schema/qualified-name.ts";
import type { ArrayNode, FieldNode, MapNode, SchemaNode, UnionNode } from "../schema/schema-node.ts";
import { aliasesOf } from "./aliases.ts";

/** The writer's schema with the names that the reader's gives its types and fields (Java's `Schema.applyAliases`). */
export const renamed = (writer: SchemaNode, reader: SchemaNode): SchemaNode => {
  const { typeName, fieldName } = aliasesOf(reader);
  const done = new Map<SchemaNode, SchemaNode>();
  const copy = (node: SchemaNode): SchemaNode => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const made = { ...node };
    // Before what is inside: that may be the type itself.
    done.set(node, made);
    if ("fullName" in made) Object.assign(made, nameParts(typeName(made.fullName)));
    if (made.kind === "array") (made as Writable<ArrayNode>).items = copy(made.items);
    else if (made.kind === "map") (made as Writable<MapNode>).values = copy(made.values);
    else if (made.kind === "union") (made as Writable<UnionNode>).branches = made.branches.map(copy);
    else if (made.kind === "record")
      Object.assign(made, {
        fields: made.fields.map((field): FieldNode => ({
          ...field,
          name: fieldName(made.fullName, field.name),
          type: copy(field.type),
        })),
      });
    return made;
  };
  return copy(writer);
};

type Writable<T> = { -readonly [P in keyof T]: T[P] };

const nameParts = (full: string): { readonly name: string; readonly fullName: string } => {
  const { name, fullName } = qualifiedName(full, "");
  return { name, fullName };
};
