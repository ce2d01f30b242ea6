import type { StageNode } from "./stages.ts";

/** Whether a repartition topic is there for the operator alone that reads it, and not written down by itself. */
export const isNamedByReader = ({ role, operator, parents: [parent] }: StageNode): boolean =>
  role.type === "repartition" && operator !== "repartition" && parent?.kind !== "KGroupedTable";
