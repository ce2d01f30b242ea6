import type { DescribedNode } from "./described-node.ts";
import { describedNodes } from "./described-nodes.ts";
import type { StageNode } from "./stages.ts";
import type { SubTopology } from "./sub-topology.ts";

/** The text of Kafka Streams' `Topology.describe()`. `nodes` are those of all sub-topologies, in the order of the program. */
export const describeTopology = (
  nodes: readonly StageNode[],
  subTopologies: readonly SubTopology[],
  optimized: boolean,
): string => {
  const described = describedNodes(nodes, optimized);
  const parts = subTopologies.map((part) => {
    const own = [
      ...part.nodes.flatMap((node) => described.get(node)?.own ?? []),
      ...part.repartitions.flatMap((node) => described.get(node)?.before ?? []),
    ];
    return { id: part.id, text: `  Sub-topology: ${part.id}\n${inOrder(own).map(textOf).join("")}\n` };
  });
  const taken = new Set(subTopologies.map(({ id }) => id));
  const free = Array.from({ length: nodes.length }, (_, id) => id).filter((id) => !taken.has(id));
  const globals = nodes
    .filter(({ role }) => role.type === "global")
    .map((node, at) => {
      const own = described.get(node)?.own ?? [];
      const title = `  Sub-topology: ${free[at]} for global store (will not generate tasks)`;
      return { id: free[at] ?? 0, text: `${title}\n${inOrder(own).map(textOf).join("")}` };
    });
  const texts = [...parts, ...globals].toSorted((a, b) => a.id - b.id).map(({ text }) => text);
  return `Topologies:\n ${texts.join("")}`;
};

/** The nodes that most depends on come first, and of equal ones the first by name. */
const inOrder = (nodes: readonly DescribedNode[]): readonly DescribedNode[] => {
  const sizes = new Map<DescribedNode, number>();
  const sizeOf = (node: DescribedNode): number => {
    const known = sizes.get(node);
    if (known !== undefined) return known;
    const size = node.to.reduce((sum, child) => sum + sizeOf(child), 1);
    sizes.set(node, size);
    return size;
  };
  return nodes.toSorted((a, b) => sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1));
};

const textOf = ({ type, name, details, from, to }: DescribedNode): string =>
  [
    `    ${type}: ${name} ${details}\n`,
    ...(type === "Sink" ? [] : [`      --> ${listOf(to)}\n`]),
    ...(type === "Source" ? [] : [`      <-- ${listOf(from)}\n`]),
  ].join("");

const listOf = (nodes: readonly DescribedNode[]): string =>
  nodes.length === 0 ? "none" : nodes.map(({ name }) => name).join(", ");
