import type { Serde } from "../serde.ts";
import type { KTable, Stage } from "../stages.ts";
import { aggregateStage } from "./aggregate-stage.ts";
import type { Aggregatable, AggregateKey, ByKind, Merging, StoreChoice } from "./aggregation.ts";

/**
 * One value per group (and window), made by adding record after record; over a grouped table, by adding what comes into
 * the group and subtracting what leaves it (`KGroupedStream.aggregate`, `TimeWindowedKStream.aggregate`,
 * `SessionWindowedKStream.aggregate`, `KGroupedTable.aggregate`). Aggregates are values: return a new one instead of changing the old. Returning null
 * deletes the row. `add` and `subtract` take (aggregate, value, key), where Kafka Streams has the key first. Null keys
 * are dropped and counted; without windows so are null values.
 */
export const aggregate =
  <Kind extends Aggregatable, K, V, A, R extends A | null, R2 extends A | null = never>(
    options: StoreChoice<Kind, NoInfer<K>, NoInfer<A>> & {
      readonly value: Serde<A>;
      readonly init: () => NoInfer<A>;
      readonly add: (aggregate: NoInfer<A>, value: V, key: K) => R;
    } & ByKind<Kind, [aggregate: NoInfer<A>, value: V, key: K], R2> &
      Merging<Kind, K, NoInfer<A>>,
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, A | Extract<R | R2, null>>) =>
  ({ node }) => {
    const { init, add, subtract, merge } = options as typeof options & {
      readonly subtract?: (aggregate: A, value: V, key: K) => A | null;
      readonly merge?: (older: A, newer: A, key: K) => A;
    };
    return aggregateStage<K, V, A, AggregateKey<Kind, K>, A | Extract<R | R2, null>>(
      node,
      "aggregate",
      options,
      options.value,
      {
        add: (current, value, key) => add(current === undefined ? init() : current, value, key),
        subtract,
        initial: init,
        merge: (current, next, key) =>
          merge === undefined ? next : merge(current === undefined ? init() : current, next, key),
      },
    );
  };
