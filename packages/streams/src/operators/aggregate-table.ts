import type { Serde } from "../serde.ts";
import type { KGroupedTable, KTable } from "../stages.ts";
import { tableAggregate } from "./table-aggregate.ts";

/**
 * One value per group of rows, kept up by adding what comes into the group and subtracting what leaves it
 * (`KGroupedTable.aggregate`). Aggregates are values: return a new one instead of changing the old. Returning null
 * deletes the row.
 */
export const aggregateTable =
  <K, V, A>(options: {
    /** Names the store, its changelog, and the repartition topic before it. Renaming loses the state. */
    readonly store: string;
    readonly value: Serde<A>;
    readonly init: () => NoInfer<A>;
    readonly add: (aggregate: NoInfer<A>, value: V, key: K) => NoInfer<A> | null;
    readonly subtract: (aggregate: NoInfer<A>, value: V, key: K) => NoInfer<A> | null;
  }): ((stage: KGroupedTable<K, V>) => KTable<K, A>) =>
  (stage) => {
    const { store, value, init, add, subtract } = options;
    return tableAggregate(stage, "aggregateTable", store, value, {
      add: (current, row, key) => add(current === undefined ? init() : current, row, key),
      subtract,
    });
  };
