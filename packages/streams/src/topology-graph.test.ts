import { expect, test } from "vitest";
import {
  count,
  filter,
  globalTable,
  groupBy,
  groupByKey,
  hours,
  join,
  keyValueStore,
  long,
  merge,
  nullable,
  processValues,
  stream,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "./index.ts";

const words = topic("words", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });

const counting = topology(
  "counting",
  stream(words).pipe(
    filter((word) => word !== ""),
    groupBy((word) => word, { key: string() }),
    count({ store: "by-word" }),
    toStream(),
    to(counts),
  ),
);

test("draws operators, the topics between them and their stores", () => {
  expect(counting.graph("app")).toEqual({
    nodes: [
      { id: "KSTREAM-SOURCE-0000000000", operator: "stream", type: "source", subTopology: 0, stores: [] },
      { id: "KSTREAM-FILTER-0000000001", operator: "filter", type: "operator", subTopology: 0, stores: [] },
      {
        id: "KSTREAM-KEY-SELECT-0000000002",
        operator: "selectKey",
        type: "operator",
        subTopology: 0,
        stores: [],
      },
      {
        id: "by-word-repartition-source",
        operator: "repartition",
        type: "source",
        subTopology: 1,
        stores: [],
      },
      {
        id: "KSTREAM-AGGREGATE-0000000003",
        operator: "count",
        type: "operator",
        subTopology: 1,
        stores: ["by-word"],
      },
      {
        id: "KTABLE-TOSTREAM-0000000007",
        operator: "toStream",
        type: "operator",
        subTopology: 1,
        stores: [],
      },
      { id: "KSTREAM-SINK-0000000008", operator: "to", type: "sink", subTopology: 1, stores: [] },
    ],
    edges: [
      { from: { topic: "words" }, to: { node: "KSTREAM-SOURCE-0000000000" } },
      { from: { node: "KSTREAM-SOURCE-0000000000" }, to: { node: "KSTREAM-FILTER-0000000001" } },
      { from: { node: "KSTREAM-FILTER-0000000001" }, to: { node: "KSTREAM-KEY-SELECT-0000000002" } },
      { from: { node: "KSTREAM-KEY-SELECT-0000000002" }, to: { topic: "app-by-word-repartition" } },
      { from: { topic: "app-by-word-repartition" }, to: { node: "by-word-repartition-source" } },
      { from: { node: "by-word-repartition-source" }, to: { node: "KSTREAM-AGGREGATE-0000000003" } },
      { from: { node: "KSTREAM-AGGREGATE-0000000003" }, to: { node: "KTABLE-TOSTREAM-0000000007" } },
      { from: { node: "KTABLE-TOSTREAM-0000000007" }, to: { node: "KSTREAM-SINK-0000000008" } },
      { from: { node: "KSTREAM-SINK-0000000008" }, to: { topic: "counts" } },
    ],
    topics: [
      { name: "words", kind: "external" },
      { name: "app-by-word-repartition", kind: "repartition" },
      { name: "counts", kind: "external" },
    ],
    stores: [{ name: "by-word", kind: "keyValue", subTopology: 1, changelogTopic: "app-by-word-changelog" }],
  });
});

test("names internal topics after the topology where no application is given", () => {
  expect(counting.graph().stores[0]?.changelogTopic).toBe("counting-by-word-changelog");
});

test("has each node that describe() has, and every edge leads from and to something that is there", () => {
  const users = topic("users", { key: string(), value: string() });
  const places = globalTable(topic("places", { key: string(), value: string() }), { store: "places" });
  const seen = keyValueStore("seen", { key: string(), value: string(), changelog: false });
  const enriched = stream(words).pipe(
    processValues({
      stores: { seen },
      create:
        ({ forward, stores }) =>
        ({ key, value, timestamp }) => {
          stores.seen.put(key, value, timestamp);
          forward({ value, timestamp });
        },
    }),
    merge(stream(topic("more", { key: string(), value: string() }))),
    join(table(users, { store: "users" }), (word, user) => `${word} ${user}`),
    join(places, (text, place) => `${text} ${place}`, { on: (_, key) => key }),
  );
  const all = topology(
    "all",
    enriched.pipe(to(users)),
    enriched.pipe(groupByKey(), windowedBy(tumbling(hours(1), { grace: 0 })), count({ store: "by-hour" })),
  );
  checkGraph(all);
  const { nodes, stores } = all.graph();
  expect(nodes.filter(({ type }) => type === "global").map(({ subTopology }) => subTopology)).toEqual([
    undefined,
  ]);
  expect(stores).toContainEqual({
    name: "seen",
    kind: "keyValue",
    subTopology: 1,
    changelogTopic: undefined,
  });
  expect(stores).toContainEqual({
    name: "places",
    kind: "keyValue",
    subTopology: undefined,
    changelogTopic: undefined,
  });
});

test("draws what a join by a foreign key asks and answers over topics", () => {
  const bills = table(topic("bills", { key: string(), value: string() }), { store: "bills" });
  const guests = table(topic("guests", { key: string(), value: string() }), { store: "guests" });
  const joined = topology(
    "joined",
    bills.pipe(
      join(
        guests,
        (bill) => bill,
        (bill, guest) => `${bill} ${guest}`,
        { name: "paid" },
      ),
      toStream(),
      to(topic("paid", { key: string(), value: nullable(string()) })),
    ),
  );
  checkGraph(joined);
  expect(joined.graph().topics.filter(({ kind }) => kind === "repartition")).toHaveLength(2);
});

const checkGraph = (drawn: Topology): void => {
  const { nodes, edges, topics, stores } = drawn.graph();
  const described = drawn.describe();
  for (const { id } of nodes) expect(described).toContain(id);
  const ids = new Set(nodes.map(({ id }) => id));
  const names = new Set(topics.map(({ name }) => name));
  for (const { from, to: end } of edges)
    for (const one of [from, end])
      expect("node" in one ? ids.has(one.node) : names.has(one.topic)).toBe(true);
  expect(ids.size).toBe(nodes.length);
  for (const { stores: held } of nodes)
    for (const name of held) expect(stores.some((store) => store.name === name)).toBe(true);
};
