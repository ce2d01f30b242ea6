import type { Stage } from "../stages.ts";
import { joinStage } from "./join-stage.ts";
import type { Joined, JoinOptions, Joins, LeftKind } from "./joined.ts";
import type { Mapped } from "./row.ts";

/** What an outer join can't have on its other side. */
type OuterJoins<Kind, OtherKind> = [Kind, OtherKind] extends ["KStream", "KTable"]
  ? "a stream has no outer join with a table, for a row alone makes no record: use leftJoin()"
  : unknown;

/**
 * As `join`, but with a result for all that either side has; the other one is null where it has nothing
 * (`KTable.outerJoin`, `KStream.outerJoin`). Of two streams, each side's records go alone as those of `leftJoin`'s left side
 * do; those whose windows are over together by time, the right ones first, then by key.
 */
export const outerJoin =
  <
    Kind extends LeftKind,
    K,
    V,
    OtherKind extends "KStream" | "KTable",
    OtherK,
    OtherV,
    V2,
    R extends Mapped<Kind, V2>,
  >(
    other: Stage<OtherKind, OtherK, OtherV> &
      Joins<NoInfer<Kind>, NoInfer<K>, OtherKind, OtherK> &
      OuterJoins<NoInfer<Kind>, OtherKind>,
    joiner: (
      left: NoInfer<NonNullable<V>> | null,
      right: NonNullable<OtherV> | null,
      key: NoInfer<OuterKey<Kind, K, OtherK>>,
    ) => R,
    ...[options]: JoinOptions<NoInfer<Kind>, NoInfer<K>, NoInfer<V>, OtherKind, OtherK, OtherV, V2>
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, OuterKey<Kind, K, OtherK>, Joined<Kind, V, OtherV, R>>) =>
  ({ node }) =>
    joinStage(node, other.node, "outerJoin", [joiner, options]);

/** Records of either stream go on, also those whose key is null. */
type OuterKey<Kind, K, OtherK> = Kind extends "KStream" ? K | Extract<OtherK, null> : K;
