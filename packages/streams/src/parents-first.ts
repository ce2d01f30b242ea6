import type { StageNode } from "./stages.ts";

/** These nodes and all above them, each after its parents; of several parents, in which order they come. */
export const parentsFirst = (
  ends: readonly StageNode[],
  inOrder: (parents: readonly StageNode[]) => readonly StageNode[] = (parents) => parents,
): readonly StageNode[] => {
  const ordered = new Set<StageNode>();
  const visit = (node: StageNode): void => {
    if (ordered.has(node)) return;
    for (const parent of inOrder(node.parents)) visit(parent);
    ordered.add(node);
  };
  for (const end of ends) visit(end);
  return [...ordered];
};
