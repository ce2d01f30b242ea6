import type { Stage } from "../stages.ts";
import { joinStage } from "./join-stage.ts";
import type { Joined, JoinOptions, Joins, LeftKind, RightKind } from "./joined.ts";
import type { Mapped } from "./row.ts";

/**
 * As `join`, but with a result for all that the left side has; the right one is null where it has nothing
 * (`KStream.leftJoin`, `KTable.leftJoin`). A stream's record whose key is null, or has none in the global table, is joined
 * with null.
 *
 * Of two streams: a left record that meets none is joined with null once its window, `after` ms long, and the grace are over
 * in stream time of both sides, which is looked for when a record comes; at once where it comes after its window's end, or
 * has a null key.
 */
export const leftJoin =
  <Kind extends LeftKind, K, V, OtherKind extends RightKind, OtherK, OtherV, V2, R extends Mapped<Kind, V2>>(
    other: Stage<OtherKind, OtherK, OtherV> & Joins<NoInfer<Kind>, NoInfer<K>, OtherKind, OtherK>,
    joiner: (left: NoInfer<NonNullable<V>>, right: NonNullable<OtherV> | null, key: NoInfer<K>) => R,
    ...[options]: JoinOptions<NoInfer<Kind>, NoInfer<K>, NoInfer<V>, OtherKind, OtherK, OtherV, V2>
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, Joined<Kind, V, never, R>>) =>
  ({ node }) =>
    joinStage(node, other.node, "leftJoin", joiner, options);
