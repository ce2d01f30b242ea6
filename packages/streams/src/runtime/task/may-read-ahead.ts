import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";

const transparent: ReadonlySet<StageNode["role"]["type"]> = new Set(["operator", "split", "branch"]);

/**
 * Whether a task may take records before the commit of the earlier ones is sealed: on every way from a source, up to the
 * first asynchronous call, a record changes nothing that would be part of that commit.
 */
export const mayReadAhead = ({ nodes, sources, repartitions }: SubTopology): boolean => {
  // Parents before children: what stands before every call, in one walk.
  const before = new Set<StageNode>(sources);
  let calls = false;
  for (const node of nodes) {
    if (before.has(node) || !node.parents.some((parent) => before.has(parent))) continue;
    if (node.flow === "asynchronous") {
      calls = true;
      continue;
    }
    if (!transparent.has(node.role.type) || node.stores.length > 0 || node.flow === "unknown") return false;
    before.add(node);
  }
  return calls && !repartitions.some(({ parents }) => parents.some((parent) => before.has(parent)));
};
