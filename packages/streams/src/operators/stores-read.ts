import type { StageNode } from "../stages.ts";
import type { StoreDefinition } from "../state/store-definition.ts";

/** The stores through which a table is read by key. */
export const storesRead = (table: StageNode): readonly StoreDefinition[] => [
  ...new Set(
    table.materialized === undefined
      ? table.parents.filter(({ kind }) => kind === "KTable").flatMap(storesRead)
      : [table.materialized],
  ),
];
