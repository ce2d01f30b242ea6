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
 * Results where both sides have something; the joiner takes (left, right, key).
 *
 * Of a stream and a table (`KStream.join(KTable)`): each record meets the row of its key as it is now, or, where the table
 * is versioned, as it was at the record's time. Only the stream's records make results. Those with a null key or value are
 * dropped and counted.
 *
 * Of a stream and a global table (`KStream.join(GlobalKTable)`): the same, by the key that `on` answers.
 *
 * Of two streams (`KStream.join(KStream)`), by `windows` and under a `name`: each pair of records of one key that are close
 * enough in time, when the second of them comes, with the greater time of both. Those with a null key or value are dropped
 * and counted. Nothing is too late as such, but each side is kept for before + after + grace only, in stream time of that
 * side. What is older when it comes meets what is there, and is not kept; it is counted as late where the JVM does so, from
 * a minute, or half that length where it is more.
 *
 * Of two tables (`KTable.join(KTable)`): a table of the results by key, made anew whenever either side changes; its row goes
 * when a side's row does. Its time is the greater one of both rows'.
 */
export function join<
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
  joiner: (left: NoInfer<NonNullable<V>>, right: NonNullable<OtherV>, key: NoInfer<K>) => R,
  ...options: JoinOptions<NoInfer<Kind>, NoInfer<K>, NoInfer<V>, OtherKind, OtherK, OtherV, V2>
): (stage: Stage<Kind, K, V>) => Stage<Kind, K, Joined<Kind, V, OtherV, R>>;
/**
 * The join of a table with another one by a foreign key (`KTable.join(KTable, foreignKeyExtractor, ..)`, KIP-213): `foreignKey`
 * answers the key of the other table's row, of (value, key) of a row, and always the same for the same; null is none, which is
 * counted as dropped. A row's
 * result is made anew whenever it or the row that it names changes, and goes when one of both goes; results that go again,
 * and equal ones, are told again. Its time is the greater one of both rows'.
 *
 * Rows subscribe to the other table through a topic that is partitioned as that one is, and are answered through another,
 * so that both may have any numbers of partitions. A change shows a little later therefore; that of a row which has changed
 * meanwhile, not at all: it is answered once more. A right value that serializes to no bytes at all (the empty text) is
 * taken for none, as on the JVM. To be read by key, or grouped, the result needs a store.
 */
export function join<K, V, OtherKind extends RightKind, OtherK, OtherV, V2, R extends V2 | null>(
  other: Stage<OtherKind, OtherK, OtherV> & JoinsByForeignKey<OtherKind>,
  foreignKey: (value: NoInfer<NonNullable<V>>, key: NoInfer<K>) => NoInfer<OtherK> | null,
  joiner: (left: NoInfer<NonNullable<V>>, right: NonNullable<OtherV>, key: NoInfer<K>) => R,
  options: ForeignKeyOptions<NoInfer<K>, NoInfer<OtherK>, V2>,
): (stage: Stage<"KTable", K, V>) => Stage<"KTable", K, R | null>;
export function join(
  other: Stage<RightKind, unknown, unknown>,
  ...rest: JoinArguments
): (stage: Stage<LeftKind, unknown, unknown>) => Stage<never, unknown, never> {
  return ({ node }) => joinStage(node, other.node, "join", rest);
}
