import type { LogicalType, PrimitiveKind } from "./schema-node.ts";

/**
 * The logical type of bytes or fixed where it is a valid decimal; any other attribute says how to understand a value, not
 * what it is. An invalid one is ignored, as the specification asks for.
 */
export const logicalType = (
  json: Readonly<Record<string, unknown>>,
  kind: PrimitiveKind | "fixed",
): LogicalType | undefined => {
  const { logicalType: name, precision, scale = 0 } = json;
  if (name !== "decimal" || (kind !== "bytes" && kind !== "fixed")) return undefined;
  if (!isCount(precision) || precision === 0 || !isCount(scale) || scale > precision) return undefined;
  return { name, precision, scale };
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
