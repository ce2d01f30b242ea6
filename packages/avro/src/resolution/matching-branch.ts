import type { RecordNode, SchemaNode, UnionNode } from "../schema/schema-node.ts";
import type { Action } from "./action.ts";
import { promotes } from "./promotion.ts";

/** Resolves a record of the writer's as one of the reader's. */
interface Records {
  record(writer: RecordNode, reader: RecordNode): Action;
}

/**
 * The branch of a reader's union that takes a writer's type: one of the same kind and full name; else a record whose
 * fields fit, rather one with the same last name; else the first that the type is promoted to.
 */
export const matchingBranch = (
  writer: Exclude<SchemaNode, UnionNode>,
  union: UnionNode,
  records: Records,
): SchemaNode | undefined => {
  let fitting: RecordNode | undefined;
  for (const branch of union.branches) {
    if (branch.kind !== writer.kind) continue;
    if (!("fullName" in branch) || !("fullName" in writer) || branch.fullName === writer.fullName)
      return branch;
    if (branch.kind === "record" && writer.kind === "record" && fits(records.record(writer, branch)))
      if (fitting === undefined || branch.name === writer.name) fitting = branch;
  }
  return fitting ?? union.branches.find((branch) => canPromote(writer, branch));
};

/** Errors further down than the fields are not looked for: Java's library does not either. */
const fits = (action: Action): boolean =>
  action.do === "record" &&
  action.steps.every((step) => step.field === undefined || step.action.do !== "error");

const canPromote = (writer: SchemaNode, reader: SchemaNode): boolean =>
  "logical" in writer &&
  "logical" in reader &&
  writer.kind !== "fixed" &&
  reader.kind !== "fixed" &&
  promotes(writer.kind, reader.kind);
