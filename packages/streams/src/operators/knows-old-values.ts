import type { StageNode } from "../stages.ts";

/**
 * Whether a table's changes say what they replace. That is known wherever a store is, in the table or above it (Kafka
 * Streams' `sendOldValues`).
 */
export const knowsOldValues = (table: StageNode): boolean =>
  table.materialized !== undefined ||
  (table.operator !== "table" &&
    table.operator !== "toTable" &&
    table.parents.every((parent) => knowsOldValues(parent)));
