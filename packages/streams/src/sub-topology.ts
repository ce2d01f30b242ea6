import { copartitionGroups } from "./copartition-groups.ts";
import { TopologyError } from "./errors.ts";
import type { StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";

/** Nodes that run together in one task per partition: nothing between them goes through a topic. */
export interface SubTopology {
  /** Its place in this topology, global tables counted; another version of the topology may count otherwise, see `identity`. */
  readonly id: number;
  /**
   * What it reads and keeps, the same in every version of a topology that has it: names of its source topics (a
   * repartition topic as `*-<name>-repartition`, whatever the application; patterns as they are written, whatever matches
   * them) and of its stores, sorted.
   */
  readonly identity: string;
  /** Parents before children. Repartition nodes stand in the sub-topology that reads them. */
  readonly nodes: readonly StageNode[];
  /** Nodes that read topics: `stream(...)` and repartitions. */
  readonly sources: readonly StageNode[];
  /** Repartition nodes that this sub-topology writes to. */
  readonly repartitions: readonly StageNode[];
  readonly stores: readonly StoreDefinition[];
  /** Sources whose topics must have equal numbers of partitions, where that is more than one topic. */
  readonly copartitionGroups: readonly (readonly StageNode[])[];
}

/**
 * Cuts the nodes at their repartition topics; what shares a store or a source topic stays together. They are numbered as in
 * Kafka Streams, by the first of their sources in `order`.
 */
export const subTopologies = (
  nodes: readonly StageNode[],
  order: readonly StageNode[],
): readonly SubTopology[] => {
  const groups = new Groups();
  for (const node of nodes) {
    groups.add(node);
    if (node.role.type === "source") {
      for (const { name } of node.role.topics) groups.join(node, `topic ${name}`);
      if (node.role.pattern !== undefined) groups.join(node, `pattern ${node.role.pattern.identity}`);
    }
    if (node.role.type !== "repartition")
      for (const parent of node.parents) if (parent.role.type !== "global") groups.join(node, parent);
    for (const store of node.stores) groups.join(node, `store ${store.name}`);
  }
  const byGroup = new Map<unknown, StageNode[]>();
  for (const node of nodes) {
    const group = groups.find(node);
    const members = byGroup.get(group);
    if (members === undefined) byGroup.set(group, [node]);
    else members.push(node);
  }
  const places = new Map(order.map((node, at) => [node, at]));
  const firstSource = (members: readonly StageNode[]): number =>
    Math.min(...members.filter(readsTopic).map((node) => places.get(node) ?? order.length));
  const inOrder = [...byGroup.values()].toSorted((a, b) => firstSource(a) - firstSource(b));
  return inOrder.flatMap((members, id) => {
    // A global table uses up a number, as in Kafka Streams, but makes no tasks.
    if (members.every(({ role }) => role.type === "global")) return [];
    const repartitions = nodes.filter(
      (node) => node.role.type === "repartition" && node.parents.some((parent) => members.includes(parent)),
    );
    const sources = members.filter(({ role }) => role.type === "source" || role.type === "repartition");
    const stores = distinctStores(members);
    return [
      {
        id,
        identity: identityOf(sources, stores),
        nodes: members,
        sources,
        repartitions,
        stores,
        copartitionGroups: copartitionGroups(members),
      },
    ];
  });
};

const readsTopic = ({ role }: StageNode): boolean =>
  role.type === "source" || role.type === "repartition" || role.type === "global";

const identityOf = (sources: readonly StageNode[], stores: readonly StoreDefinition[]): string => {
  const topics = sources.flatMap(({ role }) =>
    role.type === "source"
      ? (role.pattern?.identity ?? role.topics.map(({ name }) => name))
      : role.type === "repartition"
        ? `*-${role.topic}`
        : [],
  );
  return [topics, stores.map(({ name }) => name)]
    .map((names) => [...new Set(names)].toSorted().join(","))
    .join("|");
};

const distinctStores = (nodes: readonly StageNode[]): readonly StoreDefinition[] => {
  const stores = new Map<string, StoreDefinition>();
  for (const store of nodes.flatMap((node) => node.stores)) {
    const known = stores.get(store.name);
    if (known === undefined) stores.set(store.name, store);
    else if (known !== store)
      throw new TopologyError(
        `two stores are named "${store.name}": give one another name, or, where they are to be one store, define it once ` +
          "with keyValueStore() or windowStore() and give that definition to both",
      );
  }
  return [...stores.values()];
};

/** Union-find over nodes and the names they share. */
class Groups {
  readonly #parent = new Map<unknown, unknown>();

  add(item: unknown): void {
    if (!this.#parent.has(item)) this.#parent.set(item, item);
  }

  find(item: unknown): unknown {
    let root = item;
    for (let up = this.#parent.get(root); up !== root; up = this.#parent.get(root)) root = up;
    return root;
  }

  join(a: unknown, b: unknown): void {
    this.add(a);
    this.add(b);
    this.#parent.set(this.find(b), this.find(a));
  }
}
