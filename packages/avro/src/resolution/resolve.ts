import {
  type EnumNode,
  nameOf,
  type PrimitiveNode,
  type RecordNode,
  type SchemaNode,
  type UnionNode,
} from "../schema/schema-node.ts";
import type { Action, RecordAction, Step } from "./action.ts";
import { matchingBranch } from "./matching-branch.ts";
import { promotes } from "./promotion.ts";
import { renamed } from "./renamed.ts";
import { sameUnion } from "./same-union.ts";

/** How values that `writer` wrote become values of `reader`, by the rules of Avro's Java library (its `Resolver`). */
export const resolve = (writer: SchemaNode, reader: SchemaNode): Action =>
  new Resolver().resolve(renamed(writer, reader), reader);

/** One pair of schemas; records may contain themselves, so that their actions are kept. */
class Resolver {
  readonly #records = new Map<RecordNode, Map<RecordNode, Action>>();

  resolve(w: SchemaNode, r: SchemaNode): Action {
    if (w.kind === "union") return this.#branches(w, r);
    if (r.kind === "union") return this.#into(w, r);
    if (w.kind === "array" && r.kind === "array")
      return { do: "array", items: this.resolve(w.items, r.items), writer: w.items };
    if (w.kind === "map" && r.kind === "map")
      return { do: "map", values: this.resolve(w.values, r.values), writer: w.values };
    if (w.kind === "record" && r.kind === "record") return this.record(w, r);
    if (w.kind === "enum" && r.kind === "enum") return enumAction(w, r);
    if (w.kind === "fixed" && r.kind === "fixed")
      return w.name === r.name && w.size === r.size
        ? sameScale(w, r, { do: "fixed", node: r })
        : mismatch(`fixed "${w.fullName}" of ${w.size}`, `"${r.fullName}" of ${r.size} bytes`);
    if (isPrimitive(w) && isPrimitive(r)) {
      if (w.kind === r.kind) return sameScale(w, r, { do: "primitive", node: r });
      if (promotes(w.kind, r.kind)) return { do: "promote", from: w.kind, node: r };
    }
    return mismatch(described(w), described(r));
  }

  record(w: RecordNode, r: RecordNode): Action {
    let found = this.#records.get(w)?.get(r);
    if (found !== undefined) return found;
    const ofWriter = this.#records.get(w) ?? new Map<RecordNode, Action>();
    this.#records.set(w, ofWriter);
    const twice = w.fields.find((field, i) => w.fields.findIndex(({ name }) => name === field.name) < i);
    if (twice !== undefined) {
      found = {
        do: "error",
        message: `two fields of "${w.fullName}" are "${twice.name}" to the reader, one by an alias`,
      };
      ofWriter.set(r, found);
      return found;
    }
    const missing = r.fields.filter(({ name }) => !w.fields.some((field) => field.name === name));
    const without = missing.find((field) => field.default === undefined);
    if (without !== undefined) {
      found = {
        do: "error",
        message: `"${w.fullName}" was written without "${without.name}", which has no default`,
      };
      ofWriter.set(r, found);
      return found;
    }
    const steps: Step[] = [];
    const action: RecordAction = { do: "record", node: r, steps, missing };
    ofWriter.set(r, action);
    for (const written of w.fields) {
      const field = r.fields.find(({ name }) => name === written.name);
      steps.push(
        field === undefined
          ? { skip: written.type }
          : { field, action: this.resolve(written.type, field.type) },
      );
    }
    return action;
  }

  #branches(w: UnionNode, r: SchemaNode): Action {
    if (r.kind === "union" && sameUnion(w, r))
      return {
        do: "branches",
        branches: r.branches.map((branch, index) => ({
          do: "into",
          union: r,
          branch,
          action: this.resolve(w.branches[index]!, branch),
        })),
      };
    return { do: "branches", branches: w.branches.map((branch) => this.resolve(branch, r)) };
  }

  #into(w: Exclude<SchemaNode, UnionNode>, r: UnionNode): Action {
    const branch = matchingBranch(w, r, this);
    return branch === undefined
      ? mismatch(described(w), `one of ${r.branches.map(nameOf).join(", ")}`)
      : { do: "into", union: r, branch, action: this.resolve(w, branch) };
  }
}

const enumAction = (w: EnumNode, r: EnumNode): Action => {
  if (w.name !== r.name) return mismatch(described(w), described(r));
  const known = new Set(r.symbols);
  return {
    do: "enum",
    node: r,
    writerSymbols: w.symbols,
    symbols: w.symbols.map((symbol) => (known.has(symbol) ? symbol : r.default)),
  };
};

const isPrimitive = (node: SchemaNode): node is PrimitiveNode => "logical" in node && node.kind !== "fixed";

/** Two decimals of different scales are different numbers of the same bytes; Java's library does not look. */
const sameScale = (
  w: { readonly logical: PrimitiveNode["logical"] },
  r: { readonly logical: PrimitiveNode["logical"] },
  action: Action,
): Action =>
  w.logical !== undefined && r.logical !== undefined && w.logical.scale !== r.logical.scale
    ? mismatch(`a decimal of scale ${w.logical.scale}`, `one of scale ${r.logical.scale}`)
    : action;

const mismatch = (found: string, expected: string): Action => ({
  do: "error",
  message: `found ${found}, expected ${expected}`,
});

const described = (node: SchemaNode): string =>
  "fullName" in node ? `${node.kind} "${node.fullName}"` : nameOf(node);
