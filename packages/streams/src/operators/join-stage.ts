import type { Stage, StageKind, StageNode } from "../stages.ts";
import { foreignKeyJoin } from "./foreign-key-join.ts";
import type { ErasedForeignKey, ErasedJoin, ErasedJoiner, JoinArguments } from "./joined.ts";
import { streamJoin } from "./stream-join.ts";
import { streamTableJoin } from "./stream-table-join.ts";
import { tableJoin } from "./table-join.ts";

/** The join of two nodes, by what they are and what is given. */
export const joinStage = <Kind extends StageKind, K, R>(
  left: StageNode,
  right: StageNode,
  operator: "join" | "leftJoin" | "outerJoin",
  given: JoinArguments,
): Stage<Kind, K, R> => {
  const [first, second] = given;
  if (typeof second === "function") {
    const foreignKey = first as ErasedForeignKey;
    const joined = foreignKeyJoin(left, right, operator, foreignKey, second as ErasedJoiner, given[2] ?? {});
    return joined as unknown as Stage<Kind, K, R>;
  }
  const options: ErasedJoin = second ?? {};
  const join = left.kind === "KTable" ? tableJoin : right.kind === "KStream" ? streamJoin : streamTableJoin;
  return join(left, right, operator, first as ErasedJoiner, options) as unknown as Stage<Kind, K, R>;
};
