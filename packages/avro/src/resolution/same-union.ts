import type { RecordNode, SchemaNode } from "../schema/schema-node.ts";

/**
 * Whether two unions have the same branches in the same order, so that the writer's index is the reader's: a branch is
 * then never taken for another that it fits, too.
 */
export const sameUnion = (writer: SchemaNode, reader: SchemaNode): boolean =>
  same(writer, reader, new Map<RecordNode, Set<RecordNode>>());

const same = (w: SchemaNode, r: SchemaNode, assumed: Map<RecordNode, Set<RecordNode>>): boolean => {
  if (w.kind !== r.kind) return false;
  if ("fullName" in w && "fullName" in r && w.name !== r.name) return false;
  if (w.kind === "array" && r.kind === "array") return same(w.items, r.items, assumed);
  if (w.kind === "map" && r.kind === "map") return same(w.values, r.values, assumed);
  if (w.kind === "fixed" && r.kind === "fixed") return w.size === r.size;
  if (w.kind === "enum" && r.kind === "enum")
    return w.symbols.length === r.symbols.length && w.symbols.every((symbol, i) => symbol === r.symbols[i]);
  if (w.kind === "union" && r.kind === "union")
    return (
      w.branches.length === r.branches.length &&
      w.branches.every((branch, i) => same(branch, r.branches[i]!, assumed))
    );
  return w.kind === "record" && r.kind === "record" ? sameRecord(w, r, assumed) : true;
};

const sameRecord = (w: RecordNode, r: RecordNode, assumed: Map<RecordNode, Set<RecordNode>>): boolean => {
  const ofWriter = assumed.get(w) ?? new Set<RecordNode>();
  // A record inside itself is the same until something says otherwise.
  if (ofWriter.has(r)) return true;
  assumed.set(w, ofWriter.add(r));
  return (
    w.fields.length === r.fields.length &&
    w.fields.every((field, i) => {
      const other = r.fields[i]!;
      return field.name === other.name && same(field.type, other.type, assumed);
    })
  );
};
