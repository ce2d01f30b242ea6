import {
  aggregate,
  cogroup,
  count,
  filter,
  flatMap,
  flatMapValues,
  globalTable,
  groupBy,
  groupByKey,
  join,
  joinWindows,
  type KStream,
  type KTable,
  leftJoin,
  long,
  map,
  mapValues,
  merge,
  noGrace,
  nullable,
  otherwise,
  outerJoin,
  peek,
  reduce,
  repartition,
  selectKey,
  sessions,
  sliding,
  split,
  stream,
  string,
  suppress,
  table,
  to,
  topic,
  topology,
  type Topology,
  type TopologyEnd,
  toStream,
  toTable,
  tumbling,
  untilWindowCloses,
  windowed,
  windowedBy,
} from "../../../src/index.ts";

type Texts = KStream<string, string | null>;

const texts = (name: string) => topic(name, { key: string(), value: nullable(string()) });
const input = (name = "in"): Texts => stream(texts(name));
const text = { key: string(), value: string() };
const out = texts("out");
const numbers = topic("out", { key: string(), value: nullable(long()) });
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const ofValue = (value: string | null): string => value ?? "";
const byValue = selectKey(ofValue, { key: string() });
const windows = tumbling(10, noGrace);
const aggregated = (number: number): string => `KSTREAM-AGGREGATE-STATE-STORE-000000000${number}`;

const app = (...ends: readonly TopologyEnd[]): Topology => topology("app", ...ends);

/**
 * `names-unnamed` and `names-optimized`: state always has a name here, so what nobody has named there is called as the JVM
 * called it, which a program has to do that takes such an application over. What `topology.optimization=all` does, it asks
 * for: a table has its topic as its changelog, and aggregations of one grouping share its repartition topic.
 */
export const unnamedTopologies = (optimized: boolean): Readonly<Record<string, () => Topology>> => {
  const rows = (name: string, store: number): KTable<string, string | null> =>
    table(texts(name), {
      store: `${name}-STATE-STORE-000000000${store}`,
      sourceAsChangelog: optimized,
    });

  return {
    "group-by-key-count": () =>
      app(input().pipe(groupByKey(), count({ store: aggregated(1) }), toStream(), to(numbers))),
    "select-key-count": () =>
      app(input().pipe(byValue, groupByKey(), count({ store: aggregated(2) }), toStream(), to(numbers))),
    "group-by-windowed": () =>
      app(
        input().pipe(
          groupBy(ofValue, { key: string() }),
          windowedBy(tumbling(10, { grace: 5 })),
          count({ store: aggregated(2) }),
          toStream(),
          to(topic("out", { key: windowed(string(), 10), value: nullable(long()) })),
        ),
      ),
    "hour-window-default": () =>
      app(
        input().pipe(
          groupByKey(),
          windowedBy(tumbling(3_600_000, { grace: 600_000 })),
          count({ store: aggregated(1) }),
        ),
      ),
    "two-groupings-of-one-rekeyed-stream": () => {
      const rekeyed = input().pipe(map((value, key) => [key, ofValue(value)], text));
      const reduced = { store: "KSTREAM-REDUCE-STATE-STORE-0000000007", add: both };
      if (!optimized)
        return app(
          rekeyed.pipe(groupByKey(), count({ store: aggregated(2) })),
          rekeyed.pipe(groupByKey(), reduce(reduced)),
        );
      const grouped = rekeyed.pipe(groupByKey({ name: aggregated(2) }));
      return app(grouped.pipe(count({ store: aggregated(2) })), grouped.pipe(reduce(reduced)));
    },
    session: () =>
      app(
        input().pipe(groupByKey(), windowedBy(sessions(10, { grace: 5 })), count({ store: aggregated(1) })),
      ),
    sliding: () =>
      app(input().pipe(groupByKey(), windowedBy(sliding(10, { grace: 5 })), count({ store: aggregated(1) }))),
    "stream-stream-inner": () => {
      const name = "KSTREAM-JOINTHIS-0000000004";
      return app(
        input("l").pipe(join(input("r"), both, { name, windows: joinWindows(10, noGrace) }), to(out)),
      );
    },
    "stream-stream-outer-rekeyed": () => {
      const name = "KSTREAM-OUTERTHIS-0000000012";
      return app(
        input("l").pipe(
          byValue,
          outerJoin(input("r").pipe(byValue), both, {
            name,
            windows: joinWindows(10, { grace: 5 }),
            repartition: {
              left: "KSTREAM-KEY-SELECT-0000000001",
              right: "KSTREAM-KEY-SELECT-0000000003",
            },
          }),
          to(out),
        ),
      );
    },
    "stream-table": () => app(input().pipe(leftJoin(rows("tab", 1), both), to(out))),
    "rekeyed-stream-table": () =>
      app(
        input().pipe(byValue, join(rows("tab", 2), both, { name: "KSTREAM-KEY-SELECT-0000000001" }), to(out)),
      ),
    "table-table": () => app(rows("l", 0).pipe(join(rows("r", 3), both), toStream(), to(out))),
    "foreign-key": () =>
      app(
        rows("l", 0).pipe(
          join(rows("r", 3), ofValue, both, { name: "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006" }),
          toStream(),
          to(out),
        ),
      ),
    "grouped-table": () =>
      app(
        rows("in", 0).pipe(
          groupBy((value) => [value, value], text),
          count({ store: "KTABLE-AGGREGATE-STATE-STORE-0000000004" }),
          toStream(),
          to(numbers),
        ),
      ),
    "table-filter-map": () =>
      app(
        table(texts("in")).pipe(
          filter(() => true),
          mapValues((value) => value),
          toStream(),
          to(out),
        ),
      ),
    suppress: () =>
      app(
        input().pipe(
          groupByKey(),
          windowedBy(windows),
          count({ store: aggregated(1) }),
          suppress(untilWindowCloses(), { store: "KTABLE-SUPPRESS-STATE-STORE-0000000004" }),
          toStream(),
          to(topic("out", { key: windowed(string(), 10), value: nullable(long()) })),
        ),
      ),
    branches: () => {
      // The JVM's first is the default one.
      const { a, b, c } = input().pipe(split({ a: () => true, b: () => true, c: otherwise }));
      return app(
        ...[c, a, b].map((branch, at) => branch.pipe(to(texts(`out-KSTREAM-BRANCH-0000000001${at}`)))),
      );
    },
    global: () =>
      app(
        input().pipe(
          join(globalTable(texts("g"), { store: "g-STATE-STORE-0000000001" }), both, { on: ofValue }),
          to(out),
        ),
      ),
    "merge-peek-flat": () =>
      app(
        input("a").pipe(
          merge(input("b")),
          peek(() => undefined),
          flatMapValues((value) => [value]),
          flatMap((value, key) => [[key, value]]),
          to(out),
        ),
      ),
    repartition: () =>
      app(
        input().pipe(
          repartition({ name: "KSTREAM-REPARTITION-0000000001", value: nullable(string()) }),
          to(out),
        ),
      ),
    cogroup: () => {
      const a = input("a").pipe(groupByKey());
      const b = input("b").pipe(groupBy(ofValue, { key: string() }));
      return app(
        a.pipe(
          cogroup((sum: string, value) => sum + value),
          cogroup(b, (sum, value) => sum.replace(value ?? "", "")),
          aggregate({
            store: "COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000003",
            value: string(),
            init: () => "0",
          }),
        ),
      );
    },
    "to-table": () =>
      app(
        input().pipe(
          byValue,
          toTable({ name: "KSTREAM-TOTABLE-0000000002", value: string() }),
          toStream(),
          to(out),
        ),
      ),
    "final-window": () =>
      app(
        input().pipe(groupByKey(), windowedBy(windows, { emit: "finals" }), count({ store: aggregated(1) })),
      ),
  };
};
