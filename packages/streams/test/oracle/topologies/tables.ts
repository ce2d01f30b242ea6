import {
  aggregate,
  count,
  filter,
  filterNot,
  groupByKey,
  groupBy,
  type KTable,
  long,
  mapValues,
  nullable,
  reduce,
  type Sink,
  stream,
  string,
  table,
  to,
  toStream,
  toTable,
  topic,
  transformValues,
  tumbling,
  versionedStore,
  windowedBy,
} from "../../../src/index.ts";
import { longs, plus, type Scenario, scenario, strings } from "./scenario.ts";

const minus = (sum: string, value: string): string => `${sum}-${value}`;
const first = (value: string): string => value.slice(0, 1);
const text = { key: string(), value: string() };
const rows = (): KTable<string, string | null> => table(strings("in"), { store: "t" });
const tableOf = (sink: (rows: KTable<string, string | null>) => Sink): Scenario =>
  scenario(() => [sink(rows())]);
const startsWithK = (value: string): boolean => value.startsWith("k");

const grouped = (group: (value: string, key: string) => string | null): Scenario =>
  tableOf((t) =>
    t.pipe(
      groupBy((value, key) => [group(value, key), value], text),
      aggregate({ store: "agg", value: string(), init: () => "0", add: plus, subtract: minus }),
      toStream(),
      to(strings("out")),
    ),
  );

const summed = scenario(() => [
  table(topic("in", { key: nullable(string()), value: long() }), { store: "t" }).pipe(
    groupBy((value) => ["all", value], { key: string(), value: long() }),
    aggregate({
      store: "sum",
      value: long(),
      init: () => 0,
      add: (sum, value) => sum + value,
      subtract: (sum, value) => sum - value,
    }),
    toStream(),
    to(longs("out")),
  ),
]);

const source = tableOf((t) => t.pipe(toStream(), to(strings("out"))));
const byFirst = grouped(first);

/** A table with all versions of the last `historyRetention` ms. */
const versioned = (name: string, historyRetention: number): KTable<string, string | null> =>
  table(strings("in"), { store: versionedStore(name, { ...text, historyRetention }) });

const versions = scenario(() => [versioned("v", 50).pipe(toStream(), to(strings("out")))]);

export const tables: Readonly<Record<string, Scenario>> = {
  "table-unmaterialized": scenario(() => [table(strings("in")).pipe(toStream(), to(strings("out")))]),
  "table-filter-no-store": scenario(() => [
    table(strings("in")).pipe(filter(startsWithK), toStream(), to(strings("out"))),
  ]),
  "table-filter-materialized": tableOf((t) =>
    t.pipe(filter(startsWithK, { store: "f" }), toStream(), to(strings("out"))),
  ),
  "table-filter-not": tableOf((t) =>
    t.pipe(filterNot(startsWithK, { store: "f" }), toStream(), to(strings("out"))),
  ),
  "table-map-values": tableOf((t) =>
    t.pipe(
      mapValues((value) => (value === "nil" ? null : `${value}!`)),
      toStream(),
      to(strings("out")),
    ),
  ),
  "table-map-values-materialized": tableOf((t) =>
    t.pipe(
      mapValues((value, key) => (value === "nil" ? null : `${key}:${value}`), {
        store: "m",
        value: string(),
      }),
      toStream(),
      to(strings("out")),
    ),
  ),
  "table-transform-values": tableOf((t) =>
    t.pipe(
      transformValues({
        create: () => {
          let calls = 0;
          return (value: string | null): string | null => {
            calls++;
            return value === null ? null : `${value}#${calls}`;
          };
        },
      }),
      toStream(),
      to(strings("out")),
    ),
  ),
  "table-versioned": versions,
  "bytes-table-versioned": versions,
  "table-versioned-count": scenario(() => [
    versioned("v", 1000).pipe(
      groupBy((value) => [value, value], text),
      count({ store: "n" }),
      toStream(),
      to(longs("out")),
    ),
  ]),
  "windowed-then-table-ops": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(tumbling(10, { grace: 20 })),
      count({ store: "counts" }),
      filter((n) => n > 1),
      mapValues((n) => n * 10),
      toStream((_n, { key, start }) => `${key}@${start}`),
      to(topic("out", { key: string(), value: nullable(long()) })),
    ),
  ]),
  "table-source": source,
  "bytes-table-source": source,
  "to-table": scenario(() => [
    stream(strings("in")).pipe(toTable({ store: "t" }), toStream(), to(strings("out"))),
  ]),
  "table-filter": tableOf((t) => t.pipe(filter(startsWithK), toStream(), to(strings("out")))),
  "table-two-sinks": scenario(() => {
    const t = rows();
    return [
      t.pipe(
        mapValues((value) => `${value}1`),
        toStream(),
        to(strings("out1")),
      ),
      t.pipe(
        filter((value) => value > "m"),
        toStream(),
        to(strings("out2")),
      ),
      t.pipe(
        toStream(),
        filter((value) => value !== null),
        to(strings("out3")),
      ),
    ];
  }),
  "table-to-stream-rekey": tableOf((t) =>
    t.pipe(
      toStream((value) => value, { key: nullable(string()) }),
      groupByKey({ value: nullable(string()) }),
      count({ store: "n" }),
      toStream(),
      to(longs("out")),
    ),
  ),
  "table-filter-chain-group": tableOf((t) =>
    t.pipe(
      filter(startsWithK),
      mapValues((value) => `${value}!`),
      groupBy((value) => [value, value], text),
      count({ store: "n" }),
      toStream(),
      to(longs("out")),
    ),
  ),
  "table-group-aggregate": byFirst,
  "bytes-table-group-aggregate": byFirst,
  "table-group-aggregate-null-key": grouped((value) => (value === "none" ? null : first(value))),
  "table-group-aggregate-same-key": grouped((_value, key) => key),
  "table-group-count": tableOf((t) =>
    t.pipe(
      groupBy((value) => [value, value], text),
      count({ store: "counts" }),
      toStream(),
      to(longs("out")),
    ),
  ),
  "table-group-reduce": tableOf((t) =>
    t.pipe(
      groupBy((value) => [first(value), value], text),
      reduce({ store: "red", add: plus, subtract: minus }),
      toStream(),
      to(strings("out")),
    ),
  ),
  "table-group-sum": summed,
  "table-group-sum-cached": summed,
};
