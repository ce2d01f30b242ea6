import type { FieldNode, PrimitiveNode, RecordNode, SchemaNode } from "../schema/schema-node.ts";
import { nameOf } from "../schema/schema-node.ts";
import { promotes } from "./promotion.ts";

/**
 * Why `reader` may fail on something that `writer` wrote; empty where it never will. A registry decides by this whether a
 * schema is compatible (Java's `SchemaCompatibility`); names are compared without their namespaces there.
 */
export const problemsReading = (reader: SchemaNode, writer: SchemaNode): readonly string[] =>
  new Comparison().compare(reader, writer, "");

class Comparison {
  readonly #records = new Map<RecordNode, Map<RecordNode, readonly string[]>>();

  compare(r: SchemaNode, w: SchemaNode, path: string): readonly string[] {
    if (w.kind === "union") return w.branches.flatMap((branch) => this.compare(r, branch, path));
    if (r.kind === "union") {
      if (r.branches.some((branch) => this.compare(branch, w, path).length === 0)) return [];
      return [`${at(path)}no branch for ${nameOf(w)}`];
    }
    if (w.kind === "array" && r.kind === "array") return this.compare(r.items, w.items, `${path}[]`);
    if (w.kind === "map" && r.kind === "map") return this.compare(r.values, w.values, `${path}{}`);
    if (w.kind === "record" && r.kind === "record") return this.#record(r, w, path);
    if (w.kind === "enum" && r.kind === "enum") {
      const lost = w.symbols.filter((symbol) => !r.symbols.includes(symbol));
      return [
        ...sameName(r, w, path),
        ...(lost.length === 0 || r.default !== undefined ? [] : [`${at(path)}no symbol ${lost.join(", ")}`]),
      ];
    }
    if (w.kind === "fixed" && r.kind === "fixed")
      return [
        ...sameName(r, w, path),
        ...(r.size === w.size ? [] : [`${at(path)}${w.size} bytes became ${r.size}`]),
      ];
    if (isPrimitive(r) && isPrimitive(w) && (r.kind === w.kind || promotes(w.kind, r.kind))) return [];
    return [`${at(path)}${nameOf(w)} became ${nameOf(r)}`];
  }

  #record(r: RecordNode, w: RecordNode, path: string): readonly string[] {
    const known = this.#records.get(r)?.get(w);
    if (known !== undefined) return known;
    const ofReader = this.#records.get(r) ?? new Map<RecordNode, readonly string[]>();
    this.#records.set(r, ofReader);
    // Inside itself a record is compatible until something says otherwise.
    ofReader.set(w, []);
    const problems = [...sameName(r, w, path)];
    for (const field of r.fields) {
      const [written, other] = writtenFields(field, w);
      const where = `${path === "" ? r.fullName : path}.${field.name}`;
      if (other !== undefined) problems.push(`${at(where)}two fields, by its name and an alias`);
      else if (written !== undefined) problems.push(...this.compare(field.type, written.type, where));
      else if (field.default === undefined) problems.push(`${at(where)}new, without a default`);
    }
    ofReader.set(w, problems);
    return problems;
  }
}

const writtenFields = (field: FieldNode, writer: RecordNode): readonly FieldNode[] =>
  writer.fields.filter(({ name }) => name === field.name || field.aliases.includes(name));

const sameName = (
  r: { readonly name: string; readonly fullName: string; readonly aliases: readonly string[] },
  w: { readonly name: string; readonly fullName: string },
  path: string,
): readonly string[] =>
  r.name === w.name || r.aliases.includes(w.fullName)
    ? []
    : [`${at(path)}"${w.fullName}" became "${r.fullName}"`];

const isPrimitive = (node: SchemaNode): node is PrimitiveNode => "logical" in node && node.kind !== "fixed";

const at = (path: string): string => (path === "" ? "" : `${path}: `);
