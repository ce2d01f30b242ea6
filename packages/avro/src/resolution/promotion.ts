import type { PrimitiveKind } from "../schema/schema-node.ts";

const from: Partial<Record<PrimitiveKind, readonly PrimitiveKind[]>> = {
  long: ["int"],
  float: ["int", "long"],
  double: ["int", "long", "float"],
  bytes: ["string"],
  string: ["bytes"],
};

/** Whether values of one type are read as another, wider one. */
export const promotes = (writer: PrimitiveKind, reader: PrimitiveKind): boolean =>
  from[reader]?.includes(writer) ?? false;
