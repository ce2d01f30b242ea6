import { long } from "../serdes/numbers.ts";
import type { KTable, Stage } from "../stages.ts";
import type { Aggregatable, AggregateKey, StoreChoice } from "./aggregation.ts";
import { aggregateStage } from "./aggregate-stage.ts";

/** Number of records per group (and window), as an int64 (`KGroupedStream.count`, `TimeWindowedKStream.count`). */
export const count =
  <Kind extends Aggregatable, K, V>(
    options: StoreChoice<NoInfer<K>>,
  ): ((stage: Stage<Kind, K, V>) => KTable<AggregateKey<Kind, K>, number>) =>
  ({ node }) =>
    aggregateStage(node, "count", options, long(), (current: number | undefined) => (current ?? 0) + 1);
