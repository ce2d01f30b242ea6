import type { StageNode } from "../stages.ts";

/**
 * Whether a table's changes say what they replace. That is known wherever a store is, in the table or above it (Kafka
 * Streams' `sendOldValues`); not where a table is made of records: of a topic, of a stream, of what a foreign-key join is
 * answered.
 */
export const knowsOldValues = (table: StageNode): boolean =>
  table.materialized !== undefined ||
  (table.parents.length > 0 &&
    table.parents.every((parent) => parent.kind === "KTable" && knowsOldValues(parent)));
