import { TopologyError } from "../errors.ts";
import type { Serde } from "../serde.ts";
import type { KTable, Stage } from "../stages.ts";
import type { Aggregatable, AggregateKey, StoreChoice } from "./aggregation.ts";
import { aggregateStage } from "./aggregate-stage.ts";

/**
 * Folds the values of a group (and window) into one of the same type; the first is taken as it is
 * (`KGroupedStream.reduce`, `TimeWindowedKStream.reduce`). Returning null deletes the row, and the next value
 * starts afresh.
 */
export const reduce =
  <Kind extends Aggregatable, K, V, R extends V | null>(
    options: StoreChoice<NoInfer<K>> & {
      readonly value?: Serde<NoInfer<V>>;
      readonly reducer: (aggregate: V, value: V) => R;
    },
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, V | Extract<R, null>>) =>
  ({ node }) => {
    const value = options.value ?? (node.value as Serde<V> | undefined);
    if (value === undefined)
      throw new TopologyError(
        `the store "${options.store}" needs a value serde: give reduce() one as { value: ... }`,
      );
    const { reducer } = options;
    return aggregateStage(node, "reduce", options, value, (current: V | undefined, next: V) =>
      current === undefined ? next : reducer(current, next),
    );
  };
