import { inJavaOrder } from "./java-order.ts";
import type { StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";

/** A node as Kafka Streams has it: some of ours are two or three of its, some none. */
export interface DescribedNode {
  readonly type: "Source" | "Processor" | "Sink";
  readonly name: string;
  /** What follows the name, e.g. "(topics: [in])". */
  readonly details: string;
  readonly from: DescribedNode[];
  readonly to: DescribedNode[];
}

/** What a node of ours is to Kafka Streams. */
export interface Described {
  /** In the sub-topology of the node itself. */
  readonly own: readonly DescribedNode[];
  /** In the sub-topology before, where the node is a repartition topic. */
  readonly before: readonly DescribedNode[];
}

/** What the description of a node takes from those before it. */
export interface Describing {
  /** The next number, behind a prefix. */
  number(prefix: string): string;
  /** Uses up a number. */
  skip(): void;
  /** The last of a node's own, or of what stands above one that is none. */
  tail(node: StageNode): DescribedNode | undefined;
  readonly described: Map<StageNode, Described>;
}

export const describedNode = (type: DescribedNode["type"], name: string, details: string): DescribedNode => ({
  type,
  name,
  details,
  from: [],
  to: [],
});

export const describedProcessor = (name: string, stores: readonly StoreDefinition[]): DescribedNode =>
  describedNode("Processor", name, storesOf(stores));

export const connect = (parent: DescribedNode | undefined, child: DescribedNode): void => {
  if (parent === undefined || child.from.includes(parent)) return;
  parent.to.push(child);
  child.from.push(parent);
};

export const storesOf = (stores: readonly StoreDefinition[]): string =>
  `(stores: [${inJavaOrder(stores.map(({ name }) => name)).join(", ")}])`;

/** The topic that a repartition node stands for, without the application's name. */
export const topicOf = ({ role }: StageNode): string => (role.type === "repartition" ? role.topic : "");

/** A join lists the stores that it reads among its own; what it keeps its results in is another matter. */
export const ownStores = ({ materialized }: StageNode): readonly StoreDefinition[] =>
  materialized === undefined ? [] : [materialized];
