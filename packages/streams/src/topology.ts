import { describeTopology } from "./describe.ts";
import { TopologyError } from "./errors.ts";
import type { KTable, Sink, StageNode } from "./stages.ts";
import { type SubTopology, subTopologies } from "./sub-topology.ts";

/** A whole topology, checked and cut into sub-topologies. Immutable: one value can run in many apps. */
export interface Topology {
  /** The application id unless the app is given another: prefix of internal topics, consumer group. */
  readonly name: string;
  readonly subTopologies: readonly SubTopology[];
  /** Text with every sub-topology, node, store and topic (Kafka Streams' `Topology.describe`). */
  describe(): string;
}

/** Where a pipe can end: at a sink, or at a table of whatever types, whose store is then read by key. */
export type TopologyEnd = Sink | Pick<KTable<unknown, unknown>, "kindType" | "node">;

const legalName = /^[\w.-]{1,180}$/;

/**
 * Builds a topology from the ends of its pipes; everything above is found from there. Throws a TopologyError for
 * what the types can't see: names that can't be topics, stores or repartition topics that share a name.
 */
export const topology = (name: string, ...ends: readonly TopologyEnd[]): Topology => {
  checkName("a topology", name);
  if (ends.length === 0)
    throw new TopologyError(`topology "${name}" has no sinks: end its pipes with to() or foreach()`);
  const nodes = parentsFirst(ends.map(({ node }) => node));
  checkNames(nodes);
  const parts = subTopologies(nodes);
  checkStoresApart(parts);
  return { name, subTopologies: parts, describe: () => describeTopology(name, parts) };
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

const checkNames = (nodes: readonly StageNode[]): void => {
  const repartitions = new Set<string>();
  for (const { role, stores } of nodes) {
    for (const store of stores) checkName("a store", store.name);
    if (role.type !== "repartition") continue;
    checkName("a repartition topic", role.name);
    if (repartitions.has(role.name))
      throw new TopologyError(`two repartition topics are named "${role.name}": give one another name`);
    repartitions.add(role.name);
  }
};

const checkStoresApart = (parts: readonly SubTopology[]): void => {
  const seen = new Set<string>();
  for (const { name } of parts.flatMap(({ stores }) => stores)) {
    if (seen.has(name)) throw new TopologyError(`two stores are named "${name}": give one another name`);
    seen.add(name);
  }
};

const checkName = (what: string, name: string): void => {
  if (!legalName.test(name))
    throw new TopologyError(
      `${what} can't be named "${name}": it becomes part of topic names, so only letters, digits, ".", "_" and "-", ` +
        "at most 180 of them",
    );
};
