import type { Serde } from "../serde.ts";
import type { KTable, Stage } from "../stages.ts";
import { aggregateStage } from "./aggregate-stage.ts";
import type { Aggregatable, AggregateKey, StoreChoice } from "./aggregation.ts";

/**
 * One value per group (and window), made by adding record after record (`KGroupedStream.aggregate`,
 * `TimeWindowedKStream.aggregate`). Aggregates are values: return a new one instead of changing the old. Returning
 * null deletes the row. Null keys are dropped and counted; without windows so are null values.
 */
export const aggregate =
  <Kind extends Aggregatable, K, V, A, R extends A | null>(
    options: StoreChoice<NoInfer<K>> & {
      readonly value: Serde<A>;
      readonly init: () => NoInfer<A>;
      readonly add: (aggregate: NoInfer<A>, value: V, key: K) => R;
    },
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, A | Extract<R, null>>) =>
  ({ node }) => {
    const { init, add } = options;
    return aggregateStage(
      node,
      "aggregate",
      options,
      options.value,
      (current: A | undefined, value: V, key: K) => add(current === undefined ? init() : current, value, key),
    );
  };
