import { long } from "../serdes/numbers.ts";
import type { KTable, Stage } from "../stages.ts";
import { aggregateStage } from "./aggregate-stage.ts";
import type { Aggregatable, AggregateKey, Merged, RetainedByKind, StoreChoice } from "./aggregation.ts";

/**
 * Number of records per group (and window), or of a table's rows per group, as an int64 (`KGroupedStream.count`,
 * `TimeWindowedKStream.count`, `SessionWindowedKStream.count`, `KGroupedTable.count`). A group whose rows have all gone stays, at 0.
 * Sessions that become one are told as gone, by null, unless only finals are told.
 */
export const count =
  <Kind extends Aggregatable, K, V>(
    options: StoreChoice<Kind, NoInfer<K>, number> & RetainedByKind<Kind>,
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, number | Merged<Kind>>) =>
  ({ node }) =>
    aggregateStage<K, V, number, AggregateKey<Kind, K>, number | Merged<Kind>>(
      node,
      "count",
      options,
      long(),
      {
        add: (current) => (current ?? 0) + 1,
        subtract: (current) => current - 1,
        merge: (current, next) => (current ?? 0) + next,
        initial: () => 0,
      },
    );
