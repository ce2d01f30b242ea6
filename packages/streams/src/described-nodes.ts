import {
  connect,
  type Described,
  type DescribedNode,
  describedNode,
  describedProcessor,
  type Describing,
  ownStores,
  storesOf,
  topicOf,
} from "./described-node.ts";
import { describeForeignKeyJoin } from "./described-foreign-key-join.ts";
import { describeStreamJoin } from "./described-stream-join.ts";
import { isGeneratedName } from "./generated-name.ts";
import { inJavaOrder } from "./java-order.ts";
import { isNamedByReader } from "./named-by-reader.ts";
import { storesRead } from "./operators/stores-read.ts";
import { processorPrefix } from "./processor-names.ts";
import type { StageNode } from "./stages.ts";

/**
 * The nodes of a topology as Kafka Streams has them, named and numbered as it does, in the order of the program.
 * `optimized`: as with `topology.optimization=all`.
 */
export const describedNodes = (
  nodes: readonly StageNode[],
  optimized: boolean,
): ReadonlyMap<StageNode, Described> => new Describer(optimized).describe(nodes);

class Describer implements Describing {
  readonly described = new Map<StageNode, Described>();
  readonly #optimized: boolean;
  /** Whose store, or the one that might have been, is numbered before it: sources of tables, groups of tables. */
  readonly #numbersStore = new Set<StageNode>();
  #next = 0;

  constructor(optimized: boolean) {
    this.#optimized = optimized;
  }

  describe(nodes: readonly StageNode[]): ReadonlyMap<StageNode, Described> {
    for (const node of nodes)
      if (storeIsNumbered(node) && (node.operator === "table" || isOfGroupedTable(node)))
        for (const source of node.parents) this.#numbersStore.add(source);
    for (const node of nodes) if (!isNamedByReader(node)) this.#add(node);
    return this.described;
  }

  number(prefix: string): string {
    return `${prefix}${String(this.#next++).padStart(10, "0")}`;
  }

  skip(): void {
    this.#next++;
  }

  tail(node: StageNode): DescribedNode | undefined {
    const own = this.described.get(node)?.own.at(-1);
    const [parent] = node.parents;
    return own ?? (parent === undefined ? undefined : this.tail(parent));
  }

  #add(node: StageNode): void {
    if (this.described.has(node)) return;
    const { role } = node;
    if (role.type === "operator" && node.operator === "cogroup")
      this.described.set(node, { own: this.#cogroup(node), before: [] });
    else if (role.type === "repartition")
      this.described.set(
        node,
        node.parents[0]?.kind === "KGroupedTable" ? this.#changes(node) : this.#repartition(node),
      );
    else if (role.type === "grouping" && node.kind !== "KGroupedTable")
      this.described.set(node, { own: [], before: [] });
    else if (role.type === "global") this.#addGlobal(node, role);
    else if (role.type === "foreignKeyJoin") {
      if (role.part === "resolve") describeForeignKeyJoin(node, this);
    } else if (role.type === "streamJoin") {
      this.#addParents(node);
      describeStreamJoin(node, this);
    } else if (node.kind === "KTable" && node.parents.length > 1) this.#addTableJoin(node);
    else this.#addOne(node);
  }

  #addParents(node: StageNode): void {
    for (const parent of node.parents) if (isNamedByReader(parent)) this.#add(parent);
  }

  #addOne(node: StageNode): void {
    // What joins a stream with a table takes its number after the repartition topic that it reads.
    if (node.inputs["left"] !== undefined) this.#addParents(node);
    if (isAggregation(node) && !isOfGroupedTable(node) && storeIsNumbered(node)) this.skip();
    const name = this.#nameOf(node);
    if (node.operator === "toTable" && storeIsNumbered(node)) this.skip();
    // What groups a stream takes its number before.
    this.#addParents(node);
    // The JVM numbers the store of a suppress after it.
    if (node.operator === "suppress" && node.name === undefined) this.skip();
    const first = describedNode(typeOf(node), name, detailsOf(node));
    for (const parent of node.parents)
      if (
        parent.kind !== "GlobalKTable" &&
        (node.kind !== "KStream" || parent.kind === "KStream" || node.parents.length === 1)
      )
        connect(this.tail(parent), first);
    const own = [first];
    if (node.operator === "toStream" && node.rekeyed && node.parents[0]?.rekeyed !== true) {
      const select = describedNode("Processor", this.number("KSTREAM-KEY-SELECT-"), "(stores: [])");
      connect(first, select);
      own.push(select);
    }
    this.described.set(node, { own, before: [] });
  }

  #addGlobal(
    node: StageNode,
    { topic, store }: Extract<StageNode["role"], { readonly type: "global" }>,
  ): void {
    if (isGeneratedName(store.name)) this.skip();
    const source = this.number("KSTREAM-SOURCE-");
    const table = this.number("KTABLE-SOURCE-");
    const first = describedNode(
      "Source",
      node.name === undefined ? source : `${node.name}-source`,
      `(topics: [${topic.name}])`,
    );
    const second = describedProcessor(node.name ?? table, [store]);
    connect(first, second);
    this.described.set(node, { own: [first, second], before: [] });
  }

  /** What joins two tables is one processor for the changes of each, and one that brings the results together. */
  #addTableJoin(node: StageNode): void {
    const merge = describedProcessor(this.#nameOf(node), ownStores(node));
    const { left, right } = node.inputs;
    const side = (
      input: StageNode | undefined,
      other: StageNode | undefined,
      suffix: string,
      prefix: string,
    ): DescribedNode => {
      const numbered = this.number(prefix);
      const name = node.name === undefined ? numbered : `${node.name}${suffix}`;
      const join = describedProcessor(name, other === undefined ? [] : storesRead(other));
      if (input !== undefined) connect(this.tail(input), join);
      connect(join, merge);
      return join;
    };
    const own = [
      side(left, right, "-join-this", "KTABLE-JOINTHIS-"),
      side(right, left, "-join-other", "KTABLE-JOINOTHER-"),
      merge,
    ];
    this.described.set(node, { own, before: [] });
  }

  #repartition(node: StageNode): Described {
    const topic = topicOf(node);
    if (node.operator === "repartition" && /^KSTREAM-REPARTITION-\d{10}-/.test(topic)) this.skip();
    const numbered = [
      this.number("KSTREAM-SINK-"),
      this.number("KSTREAM-FILTER-"),
      this.number("KSTREAM-SOURCE-"),
    ];
    // An optimized one is made anew, by the name of its topic.
    const isMadeAnew = this.#optimized && node.operator !== "repartition";
    const isNumbered = /^KSTREAM.*-\d{10}-repartition$/.test(topic) && !isMadeAnew;
    const [sinkName, filterName, sourceName] = isNumbered
      ? numbered
      : [`${topic}-sink`, `${topic}-filter`, `${topic}-source`];
    const filter = describedNode("Processor", filterName ?? "", "(stores: [])");
    const sink = describedNode("Sink", sinkName ?? "", `(topic: ${topic})`);
    const [parent] = node.parents;
    if (parent !== undefined) connect(this.tail(parent), filter);
    connect(filter, sink);
    return {
      before: [filter, sink],
      own: [describedNode("Source", sourceName ?? "", `(topics: [${topic}])`)],
    };
  }

  #changes(node: StageNode): Described {
    const topic = topicOf(node);
    if (this.#numbersStore.has(node)) this.skip();
    const sink = describedNode("Sink", this.number("KSTREAM-SINK-"), `(topic: ${topic})`);
    const [parent] = node.parents;
    if (parent !== undefined) connect(this.tail(parent), sink);
    return {
      before: [sink],
      own: [describedNode("Source", this.number("KSTREAM-SOURCE-"), `(topics: [${topic}])`)],
    };
  }

  /** A processor for each of the groups, and one that unites them. */
  #cogroup(node: StageNode): readonly DescribedNode[] {
    if (storeIsNumbered(node)) this.skip();
    this.#addParents(node);
    const { name } = node;
    const groups = node.parents.map((parent, at) => {
      const numbered = this.number("COGROUPKSTREAM-AGGREGATE-");
      const group = describedNode(
        "Processor",
        name === undefined ? numbered : `${name}-cogroup-agg-${at}`,
        detailsOf(node),
      );
      connect(this.tail(parent), group);
      return group;
    });
    const numbered = this.number("COGROUPKSTREAM-MERGE-");
    const merge = describedProcessor(name === undefined ? numbered : `${name}-cogroup-merge`, []);
    for (const group of groups) connect(group, merge);
    return [...groups, merge];
  }

  #nameOf(node: StageNode): string {
    if (node.role.type === "branch") {
      const [split] = node.parents;
      const chooser = split === undefined ? undefined : this.described.get(split)?.own[0];
      return node.name ?? `${chooser?.name ?? ""}${node.role.index}`;
    }
    if (node.role.type === "source" && this.#numbersStore.has(node)) this.skip();
    // A name takes the number's place, but the number is used up.
    const numbered = this.number(processorPrefix(node));
    if (node.role.type === "split") for (let at = 0; at < node.role.branches; at++) this.skip();
    return node.name === undefined || isGeneratedName(node.name) ? numbered : node.name;
  }
}

const isAggregation = ({ operator }: StageNode): boolean =>
  operator === "aggregate" || operator === "count" || operator === "reduce";

const isOfGroupedTable = ({ parents: [input] }: StageNode): boolean =>
  (input?.role.type === "repartition" ? input.parents[0] : input)?.kind === "KGroupedTable";

/** Whether Kafka Streams numbers a table's store: one that has no name, or that might have been. */
const storeIsNumbered = ({ kind, operator, materialized }: StageNode): boolean =>
  kind === "KTable" &&
  (materialized === undefined
    ? operator === "table" || operator === "toTable"
    : isGeneratedName(materialized.name));

const typeOf = ({ role }: StageNode): DescribedNode["type"] =>
  role.type === "source" ? "Source" : role.type === "sink" ? "Sink" : "Processor";

const detailsOf = ({ role, stores }: StageNode): string => {
  if (role.type === "source")
    return role.pattern === undefined
      ? `(topics: [${inJavaOrder(role.topics.map(({ name }) => name)).join(", ")}])`
      : `(topics: ${role.pattern.text})`;
  if (role.type !== "sink") return storesOf(stores);
  const names = role.topics.map(({ name }) => name);
  if (role.chooser === undefined) return `(topic: ${names.join(", ")})`;
  return names.length === 0 ? `(extractor class: ${role.chooser})` : `(topics: [${names.join(", ")}])`;
};
