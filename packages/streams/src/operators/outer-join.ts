import type { KTable, Stage } from "../stages.ts";
import { joinStage } from "./join-stage.ts";
import type { Joined, JoinOptions, Joins } from "./joined.ts";

/**
 * As `join`, but with a result for all that either side has; the other one is null where it has nothing
 * (`KTable.outerJoin`).
 */
export const outerJoin =
  <K, V, OtherK, OtherV, V2, R extends V2 | null>(
    other: Stage<"KTable", OtherK, OtherV> & Joins<"KTable", NoInfer<K>, "KTable", OtherK>,
    joiner: (left: NoInfer<NonNullable<V>> | null, right: NonNullable<OtherV> | null, key: NoInfer<K>) => R,
    ...[options]: JoinOptions<"KTable", NoInfer<K>, NoInfer<V>, "KTable", OtherK, V2>
  ): ((stage: KTable<K, V>) => KTable<K, Joined<"KTable", V, OtherV, R>>) =>
  ({ node }) =>
    joinStage(node, other.node, "outerJoin", joiner, options);
