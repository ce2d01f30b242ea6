import type { Stage } from "../stages.ts";
import { joinStage } from "./join-stage.ts";
import type {
  ForeignKeyOptions,
  JoinArguments,
  Joined,
  JoinOptions,
  Joins,
  JoinsByForeignKey,
  LeftKind,
  RightKind,
} from "./joined.ts";
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
export function leftJoin<
  Kind extends LeftKind,
  K,
  V,
  OtherKind extends RightKind,
  OtherK,
  OtherV,
  V2,
  R extends Mapped<Kind, V2>,
>(
  other: Stage<OtherKind, OtherK, OtherV> & Joins<NoInfer<Kind>, NoInfer<K>, OtherKind, OtherK>,
  joiner: (left: NoInfer<NonNullable<V>>, right: NonNullable<OtherV> | null, key: NoInfer<K>) => R,
  ...options: JoinOptions<NoInfer<Kind>, NoInfer<K>, NoInfer<V>, OtherKind, OtherK, OtherV, V2>
): (stage: Stage<Kind, K, V>) => Stage<Kind, K, Joined<Kind, V, never, R>>;
/**
 * As `join` by a foreign key, but with a result for all rows of the left table; the right one is null where it has nothing,
 * or where the left one has no foreign key (`KTable.leftJoin(KTable, foreignKeyExtractor, ..)`).
 */
export function leftJoin<K, V, OtherKind extends RightKind, OtherK, OtherV, V2, R extends V2 | null>(
  other: Stage<OtherKind, OtherK, OtherV> & JoinsByForeignKey<OtherKind>,
  foreignKey: (value: NoInfer<NonNullable<V>>, key: NoInfer<K>) => NoInfer<OtherK> | null,
  joiner: (left: NoInfer<NonNullable<V>>, right: NonNullable<OtherV> | null, key: NoInfer<K>) => R,
  options: ForeignKeyOptions<NoInfer<K>, NoInfer<OtherK>, V2>,
): (stage: Stage<"KTable", K, V>) => Stage<"KTable", K, Joined<"KTable", V, never, R>>;
export function leftJoin(
  other: Stage<RightKind, unknown, unknown>,
  ...rest: JoinArguments
): (stage: Stage<LeftKind, unknown, unknown>) => Stage<never, unknown, never> {
  return ({ node }) => joinStage(node, other.node, "leftJoin", rest);
}
