import type { Serde } from "../serde.ts";
import type { KGroupedTable, KTable } from "../stages.ts";
import { tableAggregate } from "./table-aggregate.ts";

/**
 * Folds the rows of a group into one of the same type, and unfolds what leaves it (`KGroupedTable.reduce`); the first
 * is taken as it is. Returning null deletes the row.
 */
export const reduceTable =
  <K, V>(options: {
    /** Names the store, its changelog, and the repartition topic before it. Renaming loses the state. */
    readonly store: string;
    readonly add: (aggregate: V, value: V) => V | null;
    readonly subtract: (aggregate: V, value: V) => V | null;
  }): ((stage: KGroupedTable<K, V>) => KTable<K, V>) =>
  (stage) => {
    const { store, add, subtract } = options;
    return tableAggregate(stage, "reduceTable", store, stage.node.value as Serde<V>, {
      add: (current, row) => (current === undefined ? row : add(current, row)),
      subtract,
    });
  };
