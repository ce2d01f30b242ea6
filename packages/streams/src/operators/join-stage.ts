import type { Stage, StageKind, StageNode } from "../stages.ts";
import type { ErasedJoiner } from "./joined.ts";
import { streamJoin } from "./stream-join.ts";
import { streamTableJoin } from "./stream-table-join.ts";
import { tableJoin } from "./table-join.ts";

/** The join of two nodes, by what they are. */
export const joinStage = <Kind extends StageKind, K, R>(
  left: StageNode,
  right: StageNode,
  operator: "join" | "leftJoin" | "outerJoin",
  joiner: (...sides: never[]) => unknown,
  options: object = {},
): Stage<Kind, K, R> => {
  const join = left.kind === "KTable" ? tableJoin : right.kind === "KStream" ? streamJoin : streamTableJoin;
  return join(left, right, operator, joiner as ErasedJoiner, options) as unknown as Stage<Kind, K, R>;
};
