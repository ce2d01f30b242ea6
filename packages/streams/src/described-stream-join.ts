import { connect, type DescribedNode, describedProcessor, type Describing } from "./described-node.ts";
import { isGeneratedName } from "./generated-name.ts";
import type { StageNode } from "./stages.ts";

/** A join of streams: a processor per side that keeps its records, one that meets the other's, and one for all results. */
export const describeStreamJoin = (node: StageNode, describing: Describing): void => {
  if (node.role.type !== "streamJoin") throw new Error(`"${node.operator}" is no join of streams`);
  const { outer } = node.role;
  const [right, left, shared] = node.stores.toReversed();
  const named = (suffix: string, prefix: string): string => {
    const numbered = describing.number(prefix);
    return isGeneratedName(node.name ?? "") ? numbered : `${node.name}${suffix}`;
  };
  const own = (store: typeof left): readonly NonNullable<typeof left>[] =>
    store === undefined ? [] : [store];

  const keepThis = describedProcessor(named("-this-windowed", "KSTREAM-WINDOWED-"), own(left));
  const keepOther = describedProcessor(named("-other-windowed", "KSTREAM-WINDOWED-"), own(right));
  // Kafka Streams calls a side outer where the other one's records may go without it.
  const joinThis = describedProcessor(
    named(`${isOuter(outer.right)}-this-join`, `${prefix(outer.right)}THIS-`),
    [...own(right), ...own(shared)],
  );
  const joinOther = describedProcessor(
    named(`${isOuter(outer.left)}-other-join`, `${prefix(outer.left)}OTHER-`),
    [...own(left), ...own(shared)],
  );
  const merge = describedProcessor(named("-merge", "KSTREAM-MERGE-"), []);
  const side = (input: StageNode | undefined, keep: DescribedNode, join: DescribedNode): void => {
    if (input !== undefined) connect(describing.tail(input), keep);
    connect(keep, join);
    connect(join, merge);
  };
  side(node.inputs["left"], keepThis, joinThis);
  side(node.inputs["right"], keepOther, joinOther);
  describing.described.set(node, { own: [keepThis, joinThis, keepOther, joinOther, merge], before: [] });
};

const isOuter = (is: boolean): string => (is ? "-outer" : "");

const prefix = (is: boolean): string => `KSTREAM-${is ? "OUTER" : "JOIN"}`;
