import { expect, test } from "vitest";
import {
  aggregate,
  cogroup,
  count,
  filter,
  groupBy,
  groupByKey,
  joinStore,
  keyValueStore,
  type KTable,
  long,
  noGrace,
  reduce,
  sessions,
  sessionStore,
  sliding,
  stream,
  string,
  table,
  topic,
  TopologyError,
  toTable,
  tumbling,
  versionedStore,
  windowedBy,
  windowStore,
} from "../index.ts";

const texts = topic("texts", { key: string(), value: string() });
const grouped = stream(texts).pipe(groupByKey());
const rows = table(texts, { store: "rows" });
const serdes = { key: string(), value: long() };

const definitions = {
  keyValue: keyValueStore("s", serdes),
  window: windowStore("s", { ...serdes, windowSize: 10, retention: 100 }),
  session: sessionStore("s", { ...serdes, retention: 100 }),
  join: joinStore("s", { ...serdes, retention: 100 }),
  versioned: versionedStore("s", { ...serdes, historyRetention: 100 }),
} as const;
type Kind = keyof typeof definitions;

/** As code without types gives them. */
const users: readonly (readonly [string, readonly Kind[], (store: never) => unknown])[] = [
  ["a count", ["keyValue"], (store) => grouped.pipe(count({ store }))],
  ["a reduce", ["keyValue"], (store) => grouped.pipe(reduce({ store, add: (a) => a }))],
  [
    "an aggregate of a grouped table",
    ["keyValue"],
    (store) =>
      rows
        .pipe(groupBy((value, key) => [key, value], { key: string(), value: string() }))
        .pipe(aggregate({ store, value: long(), init: () => 0, add: (n) => n, subtract: (n) => n })),
  ],
  [
    "a cogroup",
    ["keyValue"],
    (store) =>
      grouped.pipe(cogroup((n: number) => n)).pipe(aggregate({ store, value: long(), init: () => 0 })),
  ],
  [
    "a count of time windows",
    ["window"],
    (store) => grouped.pipe(windowedBy(tumbling(10, noGrace)), count({ store })),
  ],
  [
    "a count of sliding windows",
    ["window"],
    (store) => grouped.pipe(windowedBy(sliding(10, noGrace)), count({ store })),
  ],
  [
    "a count of sessions",
    ["session"],
    (store) => grouped.pipe(windowedBy(sessions(10, noGrace)), count({ store })),
  ],
  ["a table", ["keyValue", "versioned"], (store) => table(texts, { store })],
  [
    "toTable()",
    ["keyValue", "versioned"],
    (store): KTable<string, string | null> => stream(texts).pipe(toTable({ store })),
  ],
  ["a table's filter", ["keyValue", "versioned"], (store) => rows.pipe(filter(() => true, { store }))],
];

/** A reduce and tables have other values than counts: what is refused is their serde then. */
const outcome = (attempt: () => unknown): string => {
  try {
    attempt();
    return "kept";
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    return error.message.includes("value serde") ? "kept" : error.message;
  }
};

test.for(users)("%s is kept in a store of its kind alone", ([, kinds, make]) => {
  for (const kind of Object.keys(definitions) as Kind[]) {
    const is = outcome(() => make(definitions[kind] as never));
    expect(is).toMatch(
      kinds.includes(kind)
        ? "kept"
        : new RegExp(
            `the store "s" is made with ${kind}Store\\(\\), and .* can't be kept in it: make it with ${kinds[0]}Store\\(\\)`,
          ),
    );
  }
});
