import type { StageNode } from "../stages.ts";

/**
 * Whether a table's changes may be history: those of a versioned store, and of what filters and maps it without a store.
 */
export const isVersioned = (table: StageNode): boolean =>
  table.materialized === undefined
    ? table.kind === "KTable" && table.parents.length === 1 && table.parents.some(isVersioned)
    : table.materialized.kind === "versioned";
