import { isNamedByReader } from "./named-by-reader.ts";
import { parentsFirst } from "./parents-first.ts";
import type { StageNode } from "./stages.ts";

/**
 * The nodes in the order in which Kafka Streams would be told of them: each pipe from its source on, of several that meet
 * first the one whose source was made first. A repartition topic that an operator brings along comes with that operator;
 * `optimized`: with what it repartitions (`topology.optimization=all`).
 */
export const programOrder = (ends: readonly StageNode[], optimized: boolean): readonly StageNode[] => {
  const begun = new Map<StageNode, number>();
  const begunAt = (node: StageNode): number => {
    const known = begun.get(node);
    if (known !== undefined) return known;
    const at = node.parents.length === 0 ? node.created : Math.min(...node.parents.map(begunAt));
    begun.set(node, at);
    return at;
  };
  const order = parentsFirst(ends, (parents) => parents.toSorted((a, b) => begunAt(a) - begunAt(b)));
  if (optimized) return order;
  const late: StageNode[] = [];
  for (const node of order) {
    if (isNamedByReader(node)) continue;
    for (const parent of node.parents)
      if (isNamedByReader(parent) && !late.includes(parent)) late.push(parent);
    late.push(node);
  }
  return late;
};
