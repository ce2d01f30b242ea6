import type { describedNodes } from "./described-nodes.ts";
import { changelogTopic } from "./runtime/topics/internal-topic-names.ts";
import { repartitionTopicOf } from "./runtime/topics/source-topics.ts";
import type { StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";
import type { SubTopology } from "./sub-topology.ts";

/** An operator in the graph of a topology. */
export interface GraphNode {
  /** As `describe()` names it; where Kafka Streams has several processors for one operator, the last of them. */
  readonly id: string;
  /** What it does, e.g. "filter"; "repartition" for what reads a repartition topic. */
  readonly operator: string;
  /** What it does for the topology: `sink` and `global` touch topics, as `source` does. */
  readonly type: "source" | "operator" | "sink" | "global";
  /** Of the sub-topology whose tasks run it; undefined for a global table, which every member has. */
  readonly subTopology: number | undefined;
  /** Stores that it writes or reads. */
  readonly stores: readonly string[];
}

/** Records flow from one to the other: ids of nodes and names of topics. */
export interface GraphEdge {
  readonly from: { readonly node: string } | { readonly topic: string };
  readonly to: { readonly node: string } | { readonly topic: string };
}

/** A topic that the topology reads or writes; changelogs stand with their stores. */
export interface GraphTopic {
  readonly name: string;
  /**
   * `repartition`: between two sub-topologies, and made by the application. `pattern`: all topics that match what is the
   * name here, between slashes.
   */
  readonly kind: "external" | "repartition" | "pattern";
}

/** A store, and the sub-topology whose tasks hold a partition of it each; undefined for a global table's. */
export interface GraphStore {
  readonly name: string;
  readonly kind: StoreDefinition["kind"];
  readonly subTopology: number | undefined;
  /** Undefined where it has none, as with `changelog: false`. */
  readonly changelogTopic: string | undefined;
}

/** A topology to be drawn (Kafka Streams' `TopologyDescription`, with the topics between its nodes as the ends of edges). */
export interface TopologyGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly topics: readonly GraphTopic[];
  readonly stores: readonly GraphStore[];
}

type Described = ReturnType<typeof describedNodes>;

/** The id of a node; undefined for what only prepares others, as a grouping does. */
export const nodeIdOf = (described: Described, node: StageNode): string | undefined =>
  described.get(node)?.own.at(-1)?.name;

/** The graph of a topology under the names that its topics have in an application. */
export const topologyGraph = (
  described: Described,
  subTopologies: readonly SubTopology[],
  globals: readonly StageNode[],
  applicationId: string,
): TopologyGraph => {
  const edges: GraphEdge[] = [];
  const topics = new Map<string, GraphTopic>();
  const stores = new Map<string, GraphStore>();
  const nodes: GraphNode[] = [];
  const topicEnd = (name: string, kind: GraphTopic["kind"]): { readonly topic: string } => {
    topics.set(name, { name, kind });
    return { topic: name };
  };
  const addStore = (store: StoreDefinition, subTopology: number | undefined): void => {
    const { name, kind, changelog } = store;
    const kept = changelog && subTopology !== undefined ? changelogTopic(applicationId, store) : undefined;
    stores.set(name, { name, kind, subTopology, changelogTopic: kept });
  };
  const add = (node: StageNode, subTopology: number | undefined): void => {
    const id = nodeIdOf(described, node);
    if (id === undefined) return;
    const { role } = node;
    const operator = role.type === "repartition" ? "repartition" : node.operator;
    const held = role.type === "global" ? [role.store] : node.stores;
    for (const store of held) addStore(store, subTopology);
    nodes.push({ id, operator, type: typeOf(node), subTopology, stores: held.map(({ name }) => name) });
    const to = { node: id };
    if (role.type === "global") edges.push({ from: topicEnd(role.topic.name, "external"), to });
    else if (role.type === "source") {
      const { pattern, topics: named } = role;
      for (const { name } of named) edges.push({ from: topicEnd(name, "external"), to });
      if (pattern !== undefined) edges.push({ from: topicEnd(pattern.identity, "pattern"), to });
    } else if (role.type === "repartition")
      edges.push({ from: topicEnd(repartitionTopicOf(node, applicationId), "repartition"), to });
    else for (const from of sendersOf(described, node)) edges.push({ from: { node: from }, to });
    if (role.type === "sink")
      for (const { name } of role.topics) edges.push({ from: to, to: topicEnd(name, "external") });
  };
  for (const global of globals) add(global, undefined);
  for (const { id, nodes: own, repartitions } of subTopologies) {
    for (const node of own) add(node, id);
    for (const node of repartitions)
      for (const from of sendersOf(described, node))
        edges.push({
          from: { node: from },
          to: topicEnd(repartitionTopicOf(node, applicationId), "repartition"),
        });
  }
  return { nodes, edges, topics: [...topics.values()], stores: [...stores.values()] };
};

/** The nodes above that records come from: what only prepares others is passed over. */
const sendersOf = (described: Described, node: StageNode): readonly string[] => [
  ...new Set(
    node.parents.flatMap((parent) => {
      const id = nodeIdOf(described, parent);
      return id === undefined ? sendersOf(described, parent) : [id];
    }),
  ),
];

const typeOf = ({ role }: StageNode): GraphNode["type"] =>
  role.type === "source" || role.type === "repartition"
    ? "source"
    : role.type === "sink" || role.type === "global"
      ? role.type
      : "operator";
