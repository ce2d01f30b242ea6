import { checkName, checkNames, checkReadings } from "./topology-checks.ts";
import { describeTopology } from "./describe.ts";
import { TopologyError } from "./errors.ts";
import type { GlobalKTable, KTable, Sink, StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";
import { type SubTopology, subTopologies } from "./sub-topology.ts";

/** A whole topology, checked and cut into sub-topologies. Immutable: one value can run in many apps. */
export interface Topology {
  /** The application id unless the app is given another: prefix of internal topics, consumer group. */
  readonly name: string;
  readonly subTopologies: readonly SubTopology[];
  /** Global tables: every member holds them whole. */
  readonly globals: readonly StageNode[];
  /** Text with every sub-topology, node, store and topic (Kafka Streams' `Topology.describe`). */
  describe(): string;
}

/** Where a pipe can end: at a sink, or at a table of whatever types, whose store is then read by key. */
export type TopologyEnd =
  | Sink
  | Pick<KTable<unknown, unknown>, "kindType" | "node">
  | Pick<GlobalKTable<unknown, unknown>, "kindType" | "node">;

/**
 * Builds a topology from the ends of its pipes; everything above is found from there. Throws a TopologyError for
 * what the types can't see: names that can't be topics, stores or repartition topics that share a name, one topic that is
 * read in two ways.
 */
export const topology = (name: string, ...ends: readonly TopologyEnd[]): Topology => {
  checkName("a topology", name);
  if (ends.length === 0)
    throw new TopologyError(`topology "${name}" has no sinks: end its pipes with to() or foreach()`);
  const nodes = parentsFirst(ends.map(({ node }) => node));
  checkNames(nodes);
  checkReadings(nodes);
  const parts = subTopologies(nodes);
  const globals = nodes.filter(({ role }) => role.type === "global");
  checkStoresApart([
    ...parts.flatMap(({ stores }) => stores),
    ...globals.flatMap(({ role }) => (role.type === "global" ? [role.store] : [])),
  ]);
  return { name, subTopologies: parts, globals, describe: () => describeTopology(nodes, parts) };
};

const parentsFirst = (ends: readonly StageNode[]): readonly StageNode[] => {
  const ordered = new Set<StageNode>();
  const visit = (node: StageNode): void => {
    if (ordered.has(node)) return;
    for (const parent of node.parents) visit(parent);
    ordered.add(node);
  };
  for (const end of ends) visit(end);
  return [...ordered];
};

const checkStoresApart = (stores: readonly StoreDefinition[]): void => {
  const seen = new Set<string>();
  for (const { name } of stores) {
    if (seen.has(name)) throw new TopologyError(`two stores are named "${name}": give one another name`);
    seen.add(name);
  }
};
