/** A parsed Avro schema. References to named types are resolved, so recursive schemas are cyclic. */
export type SchemaNode = PrimitiveNode | FixedNode | EnumNode | ArrayNode | MapNode | UnionNode | RecordNode;

export type PrimitiveKind = "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string";

export interface PrimitiveNode {
  readonly kind: PrimitiveKind;
  readonly logical: LogicalType | undefined;
}
/** What records, enums and fixed have in common. */
interface Named {
  readonly fullName: string;
  /** Without the namespace: what enums and fixed are compared by. */
  readonly name: string;
  /** Full names. */
  readonly aliases: readonly string[];
}
export interface FixedNode extends Named {
  readonly kind: "fixed";
  readonly size: number;
  readonly logical: LogicalType | undefined;
}
export interface EnumNode extends Named {
  readonly kind: "enum";
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}
export interface ArrayNode {
  readonly kind: "array";
  readonly items: SchemaNode;
}
export interface MapNode {
  readonly kind: "map";
  readonly values: SchemaNode;
}
export interface UnionNode {
  readonly kind: "union";
  readonly branches: readonly SchemaNode[];
}
export interface RecordNode extends Named {
  readonly kind: "record";
  readonly fields: readonly FieldNode[];
}
export interface FieldNode {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: SchemaNode;
  /** As JSON, unchecked: a writer's is never used. Undefined when there is none. */
  readonly default: unknown;
}

/** Of all logical types only decimal says something that the bytes alone do not. */
export interface LogicalType {
  readonly name: string;
  readonly precision: number;
  readonly scale: number;
}

/** The full name of a named type, the kind of any other: the name of a union's branch. */
export const nameOf = (node: SchemaNode): string => ("fullName" in node ? node.fullName : node.kind);
