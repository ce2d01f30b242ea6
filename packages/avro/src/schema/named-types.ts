import { qualifiedName } from "./qualified-name.ts";
import type { ArrayNode, FieldNode, MapNode, SchemaNode, UnionNode } from "./schema-node.ts";

/** A name that stands where its type will be: it may be defined further down. */
export interface Reference {
  readonly kind: "reference";
  readonly name: string;
  readonly namespace: string;
}

/** Types by full name, while schemas are parsed. */
export class NamedTypes {
  readonly #types = new Map<string, SchemaNode>();
  readonly #done = new Set<SchemaNode>();

  /** Throws on a second definition. */
  add(fullName: string, node: SchemaNode): void {
    if (this.#types.has(fullName)) throw new Error(`"${fullName}" is defined twice`);
    this.#types.set(fullName, node);
  }

  /** Puts types where names stand in for them, in everything that was added. */
  resolveAll(): void {
    for (const node of this.#types.values()) this.resolved(node);
  }

  /** Throws on a name that nothing has. */
  resolved(node: SchemaNode | Reference): SchemaNode {
    if (node.kind === "reference") return this.#find(node);
    if (this.#done.has(node)) return node;
    this.#done.add(node);
    if (node.kind === "array") put<ArrayNode>(node).items = this.resolved(node.items);
    else if (node.kind === "map") put<MapNode>(node).values = this.resolved(node.values);
    else if (node.kind === "union") {
      put<UnionNode>(node).branches = node.branches.map((branch) => this.resolved(branch));
      checkBranches(node.branches);
    } else if (node.kind === "record")
      for (const field of node.fields) put<FieldNode>(field).type = this.resolved(field.type);
    return node;
  }

  #find({ name, namespace }: Reference): SchemaNode {
    const found =
      this.#types.get(qualifiedName(name, namespace).fullName) ?? this.#types.get(name.replace(/^\./, ""));
    if (found === undefined) throw new Error(`no type is named "${name}"`);
    return found;
  }
}

/** Nodes are written while they are parsed, and read-only from then on. */
const put = <T>(node: T): { -readonly [P in keyof T]: T[P] } => node;

const checkBranches = (branches: readonly SchemaNode[]): void => {
  const seen = new Set<string>();
  for (const branch of branches) {
    if (branch.kind === "union") throw new Error("a union stands directly in a union");
    const name = "fullName" in branch ? branch.fullName : branch.kind;
    if (seen.has(name)) throw new Error(`a union has "${name}" twice`);
    seen.add(name);
  }
};
