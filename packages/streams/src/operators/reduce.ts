import type { Serde } from "../serde.ts";
import type { KTable, Stage } from "../stages.ts";
import { aggregateStage } from "./aggregate-stage.ts";
import type { Aggregatable, AggregateKey, ByKind, Merged, StoreChoice } from "./aggregation.ts";
import { missingSerde } from "./missing-serde.ts";
import { nameOfStore } from "./store-choice.ts";

/**
 * Folds the values of a group (and window) into one of the same type, and over a grouped table unfolds what leaves it;
 * the first value is taken as it is (`KGroupedStream.reduce`, `TimeWindowedKStream.reduce`,
 * `SessionWindowedKStream.reduce`, `KGroupedTable.reduce`).
 * `add` and `subtract` take (aggregate, value). Returning null deletes the row, and the next value starts
 * afresh. Sessions that become one are told as gone, by null, unless only finals are told.
 */
export const reduce =
  <Kind extends Aggregatable, K, V, R extends V | null, R2 extends V | null = never>(
    options: StoreChoice<Kind, NoInfer<K>, NoInfer<V>> & {
      /** The value's serde where it is not known from the source topic or the grouping. */
      readonly value?: Serde<NoInfer<V>>;
      readonly add: (aggregate: V, value: V) => R;
    } & ByKind<Kind, [aggregate: V, value: V], R2>,
  ): ((
    stage: Stage<Kind, K, V>,
  ) => KTable<AggregateKey<Kind, K>, V | Extract<R | R2, null> | Merged<Kind>>) =>
  ({ node }) => {
    const { add } = options;
    const { subtract } = options as { readonly subtract?: (aggregate: V, value: V) => V | null };
    const value = options.value ?? (node.value as Serde<V> | undefined);
    if (value === undefined)
      throw missingSerde(`the store "${nameOfStore(options.store)}"`, "value", "reduce()", node);
    return aggregateStage<K, V, V, AggregateKey<Kind, K>, V | Extract<R | R2, null> | Merged<Kind>>(
      node,
      "reduce",
      options,
      value,
      {
        add: (current, next) => (current === undefined ? next : add(current, next)),
        initial: undefined,
        merge: (current, next) => (current === undefined ? next : add(current, next)),
        subtract: subtract === undefined ? undefined : (current, gone) => subtract(current, gone),
      },
    );
  };
