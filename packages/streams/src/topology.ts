import {
  checkName,
  checkNames,
  checkReadings,
  checkSourceChangelogs,
  checkTopics,
} from "./topology-checks.ts";
import { checkOwnTopics } from "./own-topics.ts";
import { checkProcessorNames } from "./processor-names-apart.ts";
import { parentsFirst } from "./parents-first.ts";
import { programOrder } from "./program-order.ts";
import { describeTopology } from "./describe.ts";
import { describedNodes } from "./described-nodes.ts";
import { TopologyError } from "./errors.ts";
import type { GlobalKTable, KTable, Sink, StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";
import { type SubTopology, subTopologies } from "./sub-topology.ts";
import { nodeIdOf, type TopologyGraph, topologyGraph } from "./topology-graph.ts";

/** A whole topology, checked and cut into sub-topologies. Immutable: one value can run in many apps. */
export interface Topology {
  /** The application id unless the app is given another: prefix of internal topics, consumer group. */
  readonly name: string;
  readonly subTopologies: readonly SubTopology[];
  /** Global tables: every member holds them whole. */
  readonly globals: readonly StageNode[];
  /**
   * Text with every sub-topology, node, store and topic (Kafka Streams' `Topology.describe`). `optimized`: as it is there
   * with `topology.optimization=all`, which names the processors around repartition topics, and orders them, in another way.
   */
  describe(options?: { readonly optimized?: boolean }): string;
  /**
   * The same to be drawn, with the topics between the nodes (`Topology.describe`, as a value). Internal topics have the
   * names that they get in that application; the topology's name where it is left out.
   */
  graph(applicationId?: string): TopologyGraph;
  /** What `describe` and `graph` call a node; undefined for what only prepares others, as a grouping does. */
  nameOf(node: StageNode): string | undefined;
}

/** Where a pipe can end: at a sink, or at a table of whatever types, whose store is then read by key. */
export type TopologyEnd =
  | Sink
  | Pick<KTable<unknown, unknown>, "kindType" | "node">
  | Pick<GlobalKTable<unknown, unknown>, "kindType" | "node">;

/**
 * Builds a topology from the ends of its pipes; everything above is found from there. Throws a TopologyError for
 * what the types can't see: names that can't be topics, operators, stores or repartition topics that share a name, one topic
 * that is read in two ways, a sink that is a topic which the application makes for itself.
 */
export const topology = (name: string, ...ends: readonly TopologyEnd[]): Topology => {
  checkName("a topology", name);
  if (ends.length === 0)
    throw new TopologyError(`topology "${name}" has no sinks: end its pipes with to() or foreach()`);
  const last = ends.map(({ node }) => node);
  const nodes = parentsFirst(last);
  checkNames(nodes);
  checkTopics(nodes);
  checkReadings(nodes);
  checkSourceChangelogs(nodes.flatMap(({ stores }) => stores));
  checkOwnTopics(nodes, name);
  const order = programOrder(last, false);
  const parts = subTopologies(nodes, order);
  const globals = nodes.filter(({ role }) => role.type === "global");
  checkStoresApart([
    ...parts.flatMap(({ stores }) => stores),
    ...globals.flatMap(({ role }) => (role.type === "global" ? [role.store] : [])),
  ]);
  const described = describedNodes(order, false);
  checkProcessorNames(described);
  return {
    name,
    subTopologies: parts,
    globals,
    describe: ({ optimized = false } = {}) =>
      optimized
        ? describeTopology(order, subTopologies(nodes, programOrder(last, true)), true)
        : describeTopology(order, parts, false),
    graph: (applicationId = name) => topologyGraph(described, parts, globals, applicationId),
    nameOf: (node) => nodeIdOf(described, node),
  };
};

const checkStoresApart = (stores: readonly StoreDefinition[]): void => {
  const seen = new Set<string>();
  for (const { name } of stores) {
    if (seen.has(name)) throw new TopologyError(`two stores are named "${name}": give one another name`);
    seen.add(name);
  }
};
