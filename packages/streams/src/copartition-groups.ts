import type { StageNode } from "./stages.ts";

/**
 * Sources of one sub-topology whose topics must have equal numbers of partitions: those that lead to one store, so that
 * equal keys of all of them meet in one task (Kafka Streams' copartitioning). A merge alone needs none.
 */
export const copartitionGroups = (nodes: readonly StageNode[]): readonly (readonly StageNode[])[] => {
  const sources = sourcesAbove(nodes);
  const byStore = new Map<string, Set<StageNode>>();
  for (const node of nodes)
    for (const { name } of node.stores) {
      const group = byStore.get(name) ?? new Set();
      byStore.set(name, group);
      for (const source of sources.get(node) ?? []) group.add(source);
    }
  const groups: Set<StageNode>[] = [];
  for (const group of byStore.values()) {
    const overlapping = groups.filter((other) => [...group].some((source) => other.has(source)));
    for (const other of overlapping) groups.splice(groups.indexOf(other), 1);
    groups.push(new Set([group, ...overlapping].flatMap((some) => [...some])));
  }
  return groups
    .map((group) => nodes.filter((node) => group.has(node)))
    .filter((group) => group.length > 1 || group.some(readsSeveral));
};

const readsSeveral = ({ role }: StageNode): boolean =>
  role.type === "source" && (role.topics.length > 1 || role.pattern !== undefined);

/** Which sources lead to each node; what lies before a repartition topic is another sub-topology's. */
const sourcesAbove = (nodes: readonly StageNode[]): ReadonlyMap<StageNode, ReadonlySet<StageNode>> => {
  const above = new Map<StageNode, ReadonlySet<StageNode>>();
  for (const node of nodes)
    above.set(
      node,
      new Set(
        node.role.type === "source" || node.role.type === "repartition"
          ? [node]
          : node.parents.flatMap((parent) => [...(above.get(parent) ?? [])]),
      ),
    );
  return above;
};
