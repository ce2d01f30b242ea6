import { long } from "../serdes/numbers.ts";
import type { KGroupedTable, KTable } from "../stages.ts";
import { tableAggregate } from "./table-aggregate.ts";

/** Number of rows per group, as an int64 (`KGroupedTable.count`). It stays at 0 where all have gone. */
export const countTable =
  <K, V>(options: {
    /** Names the store, its changelog, and the repartition topic before it. Renaming loses the state. */
    readonly store: string;
  }): ((stage: KGroupedTable<K, V>) => KTable<K, number>) =>
  (stage) =>
    tableAggregate(stage, "countTable", options.store, long(), {
      add: (current) => (current ?? 0) + 1,
      subtract: (current) => current - 1,
    });
