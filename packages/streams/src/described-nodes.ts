import { inJavaOrder } from "./java-order.ts";
import { storesRead } from "./operators/stores-read.ts";
import { isGeneratedName } from "./generated-name.ts";
import { processorPrefix } from "./processor-names.ts";
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
interface Described {
  /** In the sub-topology of the node itself. */
  readonly own: readonly DescribedNode[];
  /** In the sub-topology before, where the node is a repartition topic. */
  readonly before: readonly DescribedNode[];
}

/**
 * The nodes of a topology as Kafka Streams has them, named and numbered as it does: in the order of the pipes, from their
 * ends upwards. Parents come before children.
 */
export const describedNodes = (nodes: readonly StageNode[]): ReadonlyMap<StageNode, Described> =>
  new Describer().describe(nodes);

class Describer {
  readonly #described = new Map<StageNode, Described>();
  /** Sources of tables without stores: Kafka Streams uses up a number for the store that might have been. */
  readonly #unkept = new Set<StageNode>();
  #next = 0;

  describe(nodes: readonly StageNode[]): ReadonlyMap<StageNode, Described> {
    for (const node of nodes)
      if (node.operator === "table" && node.kind === "KTable" && node.materialized === undefined)
        for (const source of node.parents) this.#unkept.add(source);
    for (const node of nodes) if (!isNamedByReader(node)) this.#add(node);
    return this.#described;
  }

  #add(node: StageNode): void {
    if (this.#described.has(node)) return;
    const { role } = node;
    if (role.type === "operator" && node.operator === "cogroup") {
      this.#described.set(node, { own: this.#cogroup(node), before: [] });
      return;
    }
    if (role.type === "repartition") {
      this.#described.set(
        node,
        node.parents[0]?.kind === "KGroupedTable" ? this.#changes(node) : this.#repartition(node),
      );
      return;
    }
    if (role.type === "grouping" && node.kind !== "KGroupedTable") {
      this.#described.set(node, { own: [], before: [] });
      return;
    }
    if (role.type === "global") {
      this.#addGlobal(node, role);
      return;
    }
    if (node.kind === "KTable" && node.parents.length > 1) {
      this.#addTableJoin(node);
      return;
    }
    if (role.type === "foreignKeyJoin") {
      if (role.part === "resolve") this.#addForeignKeyJoin(node);
      return;
    }
    if (role.type === "streamJoin") {
      this.#addStreamJoin(node);
      return;
    }
    const name = this.#nameOf(node);
    // What groups a stream takes its number before the repartition topic that it reads.
    for (const parent of node.parents) if (isNamedByReader(parent)) this.#add(parent);
    // The JVM numbers the store of a suppress after it.
    if (node.operator === "suppress" && node.name === undefined) this.#next++;
    const first = described(typeOf(node), name, detailsOf(node));
    for (const parent of node.parents)
      if (
        parent.kind !== "GlobalKTable" &&
        (node.kind !== "KStream" || parent.kind === "KStream" || node.parents.length === 1)
      )
        connect(this.#tail(parent), first);
    const own = [first];
    if (node.operator === "toStream" && node.rekeyed && node.parents[0]?.rekeyed !== true) {
      const select = described("Processor", this.#number("KSTREAM-KEY-SELECT-"), "(stores: [])");
      connect(first, select);
      own.push(select);
    }
    this.#described.set(node, { own, before: [] });
  }

  #addGlobal(
    node: StageNode,
    { topic, store }: Extract<StageNode["role"], { readonly type: "global" }>,
  ): void {
    const source = this.#number("KSTREAM-SOURCE-");
    const table = this.#number("KTABLE-SOURCE-");
    const first = described(
      "Source",
      node.name === undefined ? source : `${node.name}-source`,
      `(topics: [${topic.name}])`,
    );
    const second = described("Processor", node.name ?? table, storesOf([store]));
    connect(first, second);
    this.#described.set(node, { own: [first, second], before: [] });
  }

  /** What joins two tables is one processor for the changes of each, and one that brings the results together. */
  #addTableJoin(node: StageNode): void {
    const merge = described("Processor", this.#nameOf(node), storesOf(ownStores(node)));
    const { left, right } = node.inputs;
    const side = (
      input: StageNode | undefined,
      other: StageNode | undefined,
      suffix: string,
      prefix: string,
    ): DescribedNode => {
      const numbered = this.#number(prefix);
      const name = node.name === undefined ? numbered : `${node.name}${suffix}`;
      const join = described("Processor", name, storesOf(other === undefined ? [] : storesRead(other)));
      if (input !== undefined) connect(this.#tail(input), join);
      connect(join, merge);
      return join;
    };
    const own = [
      side(left, right, "-join-this", "KTABLE-JOINTHIS-"),
      side(right, left, "-join-other", "KTABLE-JOINOTHER-"),
      merge,
    ];
    this.#described.set(node, { own, before: [] });
  }

  /** What joins two streams is a processor per side that keeps its records, one that meets the other's, and one for all. */
  #addStreamJoin(node: StageNode): void {
    for (const parent of node.parents) if (isNamedByReader(parent)) this.#add(parent);
    this.#next += 5;
    const name = node.name ?? "";
    const [right, left, shared] = node.stores.toReversed();
    const merge = described("Processor", `${name}-merge`, storesOf([]));
    const side = (
      input: StageNode | undefined,
      own: StoreDefinition | undefined,
      other: StoreDefinition | undefined,
      suffix: string,
    ): readonly DescribedNode[] => {
      const ownName = own?.name ?? "";
      const kept = described(
        "Processor",
        `${name}-${suffix}-windowed`,
        storesOf(own === undefined ? [] : [own]),
      );
      const read = [other, shared].filter((store) => store !== undefined);
      const join = described("Processor", ownName.slice(0, ownName.lastIndexOf("-store")), storesOf(read));
      if (input !== undefined) connect(this.#tail(input), kept);
      connect(kept, join);
      connect(join, merge);
      return [kept, join];
    };
    const own = [
      ...side(node.inputs["left"], left, right, "this"),
      ...side(node.inputs["right"], right, left, "other"),
      merge,
    ];
    this.#described.set(node, { own, before: [] });
  }

  /** Its parts are numbered together, after both tables: one after the other, in the order of their records. */
  #addForeignKeyJoin(resolve: StageNode): void {
    const [responses] = resolve.parents;
    const lookUp = responses?.parents[0];
    const { subscriptions, right } = lookUp?.inputs ?? {};
    const subscribe = subscriptions?.parents[0];
    if (
      responses === undefined ||
      lookUp === undefined ||
      subscriptions === undefined ||
      subscribe === undefined ||
      right === undefined
    )
      throw new Error(`"${resolve.operator}" by a foreign key lacks one of its parts`);
    const named = (suffix: string, prefix: string): string => {
      const numbered = this.#number(prefix);
      return isGeneratedName(resolve.name ?? "") ? numbered : `${resolve.name}${suffix}`;
    };
    const processor = (name: string, stores: readonly StoreDefinition[]): DescribedNode =>
      described("Processor", name, storesOf(stores));
    const [subscriptionStore, ...rightStores] = lookUp.stores;
    const kept = lookUp.stores.slice(0, 1);

    // The topic's name comes first.
    this.#next++;
    const send = processor(named("-subscription-registration-processor", subscriptionPrefix), []);
    const sink = described(
      "Sink",
      named("-subscription-registration-sink", "KTABLE-SINK-"),
      `(topic: ${topicOf(subscriptions)})`,
    );
    const source = described(
      "Source",
      named("-subscription-registration-source", "KTABLE-SOURCE-"),
      `(topics: [${topicOf(subscriptions)}])`,
    );
    if (subscriptionStore !== undefined) this.#next++;
    const receive = processor(named("-subscription-receive", processorOfSubscriptions), kept);
    const single = processor(named("-subscription-join-foreign", processorOfSubscriptions), rightStores);
    const all = processor(named("-foreign-join-subscription", processorOfSubscriptions), kept);
    this.#next++;
    const answer = described(
      "Sink",
      named("-subscription-response-sink", "KTABLE-SINK-"),
      `(topic: ${topicOf(responses)})`,
    );
    const answers = described(
      "Source",
      named("-subscription-response-source", "KTABLE-SOURCE-"),
      `(topics: [${topicOf(responses)}])`,
    );
    const [left] = subscribe.parents;
    const resolver = processor(
      named("-subscription-response-resolver", "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-"),
      left === undefined ? [] : storesRead(left),
    );
    const result = processor(named("-result", "KTABLE-FK-JOIN-OUTPUT-"), ownStores(resolve));
    // The store that might have been.
    if (resolve.materialized === undefined) this.#next++;

    if (left !== undefined) connect(this.#tail(left), send);
    connect(send, sink);
    connect(source, receive);
    connect(receive, single);
    connect(this.#tail(right), all);
    connect(single, answer);
    connect(all, answer);
    connect(answers, resolver);
    connect(resolver, result);
    this.#described.set(subscribe, { own: [send], before: [] });
    this.#described.set(subscriptions, { own: [source], before: [sink] });
    this.#described.set(lookUp, { own: [receive, single, all], before: [] });
    this.#described.set(responses, { own: [answers], before: [answer] });
    this.#described.set(resolve, { own: [resolver, result], before: [] });
  }

  /** The last of a node's own, or of what stands above one that is none. */
  #tail(node: StageNode): DescribedNode | undefined {
    const own = this.#described.get(node)?.own.at(-1);
    const [parent] = node.parents;
    return own ?? (parent === undefined ? undefined : this.#tail(parent));
  }

  #repartition(node: StageNode): Described {
    const topic = topicOf(node);
    this.#next += 3;
    const filter = described("Processor", `${topic}-filter`, "(stores: [])");
    const sink = described("Sink", `${topic}-sink`, `(topic: ${topic})`);
    const [parent] = node.parents;
    if (parent !== undefined) connect(this.#tail(parent), filter);
    connect(filter, sink);
    return { before: [filter, sink], own: [described("Source", `${topic}-source`, `(topics: [${topic}])`)] };
  }

  #changes(node: StageNode): Described {
    const topic = topicOf(node);
    const sink = described("Sink", this.#number("KSTREAM-SINK-"), `(topic: ${topic})`);
    const [parent] = node.parents;
    if (parent !== undefined) connect(this.#tail(parent), sink);
    return {
      before: [sink],
      own: [described("Source", this.#number("KSTREAM-SOURCE-"), `(topics: [${topic}])`)],
    };
  }

  /** A processor for each of the groups, and one that unites them. */
  #cogroup(node: StageNode): readonly DescribedNode[] {
    for (const parent of node.parents) if (isNamedByReader(parent)) this.#add(parent);
    const { name } = node;
    const groups = node.parents.map((parent, at) => {
      const numbered = this.#number("COGROUPKSTREAM-AGGREGATE-");
      const group = described(
        "Processor",
        name === undefined ? numbered : `${name}-cogroup-agg-${at}`,
        detailsOf(node),
      );
      connect(this.#tail(parent), group);
      return group;
    });
    const numbered = this.#number("COGROUPKSTREAM-MERGE-");
    const merge = described(
      "Processor",
      name === undefined ? numbered : `${name}-cogroup-merge`,
      "(stores: [])",
    );
    for (const group of groups) connect(group, merge);
    return [...groups, merge];
  }

  #nameOf(node: StageNode): string {
    if (node.role.type === "branch") {
      const [split] = node.parents;
      const chooser = split === undefined ? undefined : this.#described.get(split)?.own[0];
      return node.name ?? `${chooser?.name ?? ""}${node.role.index}`;
    }
    if (this.#unkept.has(node)) this.#next++;
    // A name takes the number's place, but the number is used up.
    const numbered = this.#number(processorPrefix(node));
    if (node.role.type === "split") this.#next += node.role.branches;
    return node.name ?? numbered;
  }

  #number(prefix: string): string {
    return `${prefix}${String(this.#next++).padStart(10, "0")}`;
  }
}

const subscriptionPrefix = "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-";
const processorOfSubscriptions = "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR-";

/** Whether a repartition topic is there for the aggregation or the table that reads it alone. */
const isNamedByReader = ({ role, operator, parents: [parent] }: StageNode): boolean =>
  role.type === "repartition" && operator !== "repartition" && parent?.kind !== "KGroupedTable";

const topicOf = ({ role }: StageNode): string => (role.type === "repartition" ? role.topic : "");

const described = (type: DescribedNode["type"], name: string, details: string): DescribedNode => ({
  type,
  name,
  details,
  from: [],
  to: [],
});

const connect = (parent: DescribedNode | undefined, child: DescribedNode): void => {
  if (parent === undefined || child.from.includes(parent)) return;
  parent.to.push(child);
  child.from.push(parent);
};

const typeOf = ({ role }: StageNode): DescribedNode["type"] =>
  role.type === "source" ? "Source" : role.type === "sink" ? "Sink" : "Processor";

/** A join lists the stores that it reads among its own; what it keeps its results in is another matter. */
const ownStores = ({ materialized }: StageNode): readonly StoreDefinition[] =>
  materialized === undefined ? [] : [materialized];

const storesOf = (stores: readonly StoreDefinition[]): string =>
  `(stores: [${inJavaOrder(stores.map(({ name }) => name)).join(", ")}])`;

const detailsOf = ({ role, stores }: StageNode): string => {
  if (role.type === "source") return `(topics: [${role.topic.name}])`;
  if (role.type !== "sink") return storesOf(stores);
  const [only, ...more] = role.topics.map(({ name }) => name);
  return more.length === 0 ? `(topic: ${only})` : `(topics: [${[only, ...more].join(", ")}])`;
};
