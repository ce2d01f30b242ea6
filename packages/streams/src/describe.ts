import type { StageNode } from "./stages.ts";
import type { SubTopology } from "./sub-topology.ts";

/** The text of `Topology.describe()`, laid out as Kafka Streams does. */
export const describeTopology = (name: string, parts: readonly SubTopology[]): string => {
  const names = new Map<StageNode, string>();
  for (const node of parts.flatMap(({ nodes }) => nodes))
    names.set(node, node.name ?? `${node.operator}-${names.size}`);
  return [`Topology: ${name}`, ...parts.map((part) => describePart(part, parts, names))].join("\n");
};

const describePart = (
  part: SubTopology,
  parts: readonly SubTopology[],
  names: ReadonlyMap<StageNode, string>,
): string => {
  const children = (node: StageNode): readonly string[] =>
    [
      ...part.nodes.filter((other) => other.role.type !== "repartition" && other.parents.includes(node)),
      ...part.repartitions.filter((other) => other.parents.includes(node)),
    ].map((child) => names.get(child) ?? "");
  const lines = part.nodes.flatMap((node) => {
    const to = children(node);
    const from =
      node.role.type === "repartition" ? [] : node.parents.map((parent) => names.get(parent) ?? "");
    return [
      `    ${title(node)}: ${names.get(node)}${details(node)}`,
      ...(to.length > 0 ? [`      --> ${to.join(", ")}`] : []),
      ...(from.length > 0 ? [`      <-- ${from.join(", ")}`] : []),
    ];
  });
  const written = part.repartitions.map((node) => {
    const reader = parts.find(({ nodes }) => nodes.includes(node));
    return `    Sink: ${names.get(node)}${details(node)} read by sub-topology ${reader?.id}`;
  });
  return [`  Sub-topology: ${part.id}`, ...lines, ...written].join("\n");
};

const title = ({ role }: StageNode): string =>
  role.type === "source" || role.type === "repartition"
    ? "Source"
    : role.type === "sink"
      ? "Sink"
      : "Processor";

const details = ({ role, stores }: StageNode): string => {
  if (role.type === "source") return ` (topics: [${role.topic.name}])`;
  if (role.type === "repartition") return ` (topics: [${role.name}-repartition])`;
  if (role.type === "sink") return ` (topics: [${role.topics.map(({ name }) => name).join(", ")}])`;
  return stores.length > 0 ? ` (stores: [${stores.map(({ name }) => name).join(", ")}])` : "";
};
