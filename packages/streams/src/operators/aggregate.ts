import type { KTable, Stage } from "../stages.ts";
import { aggregateStage } from "./aggregate-stage.ts";
import type {
  Grouped,
  Aggregated,
  AggregateKey,
  Aggregating,
  ByKind,
  Merging,
  StoreChoice,
} from "./aggregation.ts";
import { type AnyAggregate, cogroupStage, mergingFrom } from "./cogroup-stage.ts";

/**
 * One value per group (and window), made by adding record after record; over a grouped table, by adding what comes into
 * the group and subtracting what leaves it (`KGroupedStream.aggregate`, `TimeWindowedKStream.aggregate`,
 * `SessionWindowedKStream.aggregate`, `KGroupedTable.aggregate`). The groups of a cogroup were given what they add by
 * `cogroup()` (`CogroupedKStream.aggregate` and those of its windows).
 *
 * Aggregates are values: return a new one instead of changing the old. Returning null deletes the row. `add` and
 * `subtract` take (aggregate, value, key), where Kafka Streams has the key first. Null keys are dropped and counted;
 * without windows so are null values. Sessions that become one are told as gone, by null, unless only finals are told.
 */
export const aggregate =
  <Kind extends Grouped, K, V, A, R extends A | null, R2 extends A | null = never>(
    options: StoreChoice<Kind, NoInfer<K>, NoInfer<A>> &
      Aggregating<Kind, K, V, A, R> &
      ByKind<Kind, [aggregate: NoInfer<A>, value: V, key: K], R2> &
      Merging<Kind, K, NoInfer<A>>,
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, Aggregated<Kind, V, A, R | R2>>) =>
  ({ node }) => {
    const choice = options as unknown as AnyAggregate<K, V, A>;
    const { init, add, subtract, merge } = choice;
    if (add === undefined) return cogroupStage(node, choice);
    return aggregateStage(node, "aggregate", choice, choice.value, {
      add: (current, value, key) => add(current === undefined ? init() : current, value, key),
      subtract,
      initial: init,
      merge: mergingFrom(init, merge),
    });
  };
