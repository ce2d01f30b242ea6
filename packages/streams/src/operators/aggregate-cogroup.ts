import type { KTable, Stage } from "../stages.ts";
import type { AggregateKey, CogroupChoice, Cogrouped } from "./aggregation.ts";
import { cogroupStage } from "./cogroup-stage.ts";

/**
 * One value per key (and window) of a cogroup, whose groups were given what they add by `cogroup()`
 * (`CogroupedKStream.aggregate`, `TimeWindowedCogroupedKStream.aggregate`, `SessionWindowedCogroupedKStream.aggregate`).
 * Null keys are dropped and counted; without windows so are null values.
 */
export const aggregateCogroup =
  <Kind extends Cogrouped, K, V>(
    options: CogroupChoice<Kind, NoInfer<K>, NoInfer<V>>,
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, V>) =>
  ({ node }) =>
    cogroupStage(
      node,
      node.role.type === "grouping" ? (node.role.cogroups ?? []) : [],
      options as Parameters<typeof cogroupStage<K, NonNullable<V>, AggregateKey<Kind, K>, V>>[2],
    );
