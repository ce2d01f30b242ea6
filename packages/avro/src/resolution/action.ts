import type {
  EnumNode,
  FieldNode,
  FixedNode,
  PrimitiveKind,
  PrimitiveNode,
  RecordNode,
  SchemaNode,
  UnionNode,
} from "../schema/schema-node.ts";

/**
 * What to do with a writer's bytes to get a reader's value: Avro's resolution rules applied to two schemas, once. Where
 * they do not fit stands an error, which only a record that gets there meets.
 */
export type Action =
  | { readonly do: "primitive"; readonly node: PrimitiveNode }
  | { readonly do: "promote"; readonly from: PrimitiveKind; readonly node: PrimitiveNode }
  | { readonly do: "fixed"; readonly node: FixedNode }
  | EnumAction
  | { readonly do: "array"; readonly items: Action; readonly writer: SchemaNode }
  | { readonly do: "map"; readonly values: Action; readonly writer: SchemaNode }
  | RecordAction
  | { readonly do: "branches"; readonly branches: readonly Action[] }
  | { readonly do: "into"; readonly union: UnionNode; readonly branch: SchemaNode; readonly action: Action }
  | { readonly do: "error"; readonly message: string };

export interface EnumAction {
  readonly do: "enum";
  readonly node: EnumNode;
  readonly writerSymbols: readonly string[];
  /** By the writer's index: the reader's symbol, its default, or undefined. */
  readonly symbols: readonly (string | undefined)[];
}

/** May contain itself. */
export interface RecordAction {
  readonly do: "record";
  readonly node: RecordNode;
  /** In the writer's order. */
  readonly steps: readonly Step[];
  /** The reader's fields that the writer does not have. */
  readonly missing: readonly FieldNode[];
}

export type Step =
  | { readonly field: FieldNode; readonly action: Action }
  | { readonly skip: SchemaNode; readonly field?: undefined };
