import {
  count,
  filter,
  groupBy,
  groupByKey,
  join,
  joinWindows,
  keyValueStore,
  leftJoin,
  long,
  nullable,
  otherwise,
  outerJoin,
  reduce,
  repartition,
  selectKey,
  split,
  stream,
  string,
  suppress,
  table,
  to,
  topic,
  topology,
  type Topology,
  toStream,
  tumbling,
  untilWindowCloses,
  versionedStore,
  windowed,
  windowedBy,
} from "../../../src/index.ts";

const texts = (name: string) => topic(name, { key: string(), value: nullable(string()) });
const out = texts("out");
const counts = topic("out", { key: windowed(string(), 10), value: nullable(long()) });
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const ofValue = (value: string | null): string => value ?? "";
const byValue = selectKey(ofValue, { key: string() });
const windows = joinWindows(10, { grace: 5 });

/** `names-named`: what is named there is named here. */
export const namedTopologies: Readonly<Record<string, () => Topology>> = {
  "grouped-named-store-named": () =>
    topology(
      "app",
      stream(texts("in")).pipe(groupBy(ofValue, { name: "g", key: string() }), count({ store: "c" })),
    ),
  "grouped-named-store-unnamed": () =>
    topology(
      "app",
      stream(texts("in")).pipe(
        groupBy(ofValue, { name: "g", key: string() }),
        count({ store: "KSTREAM-AGGREGATE-STATE-STORE-0000000002" }),
      ),
    ),
  "grouped-unnamed-store-named": () =>
    topology("app", stream(texts("in")).pipe(groupBy(ofValue, { key: string() }), count({ store: "c" }))),
  "operator-named-only": () =>
    topology(
      "app",
      stream(texts("in")).pipe(
        groupByKey(),
        count({ name: "n", store: "KSTREAM-AGGREGATE-STATE-STORE-0000000001" }),
      ),
    ),
  "everything-named": () =>
    topology(
      "app",
      stream(texts("in"), { name: "src" }).pipe(
        filter(() => true, { name: "f" }),
        selectKey(ofValue, { name: "sk", key: string() }),
        groupByKey({ name: "g" }),
        windowedBy(tumbling(10, { grace: 0 })),
        count({ name: "w", store: "c" }),
        suppress(untilWindowCloses(), { name: "s", store: "s-store" }),
        toStream({ name: "ts" }),
        to(counts, { name: "snk" }),
      ),
    ),
  "stream-join-named": () => {
    const left = stream(texts("l")).pipe(byValue);
    const right = stream(texts("r")).pipe(byValue);
    return topology("app", left.pipe(outerJoin(right, both, { name: "j", store: "js", windows }), to(out)));
  },
  "stream-join-name-only": () => {
    const left = stream(texts("l")).pipe(byValue);
    const store = "KSTREAM-JOINTHIS-0000000008";
    return topology(
      "app",
      left.pipe(leftJoin(stream(texts("r")), both, { name: "j", store, windows }), to(out)),
    );
  },
  "stream-table-named": () =>
    topology(
      "app",
      stream(texts("in")).pipe(
        byValue,
        join(table(texts("tab"), { store: "t" }), both, { name: "jt" }),
        to(out),
      ),
    ),
  "foreign-key-named": () =>
    topology(
      "app",
      table(texts("l"), { store: "l" }).pipe(
        leftJoin(table(texts("r"), { store: "r" }), ofValue, both, {
          name: "fk",
          store: "res",
          value: string(),
        }),
        toStream(),
        to(out),
      ),
    ),
  "repartition-named": () =>
    topology("app", stream(texts("in")).pipe(repartition({ name: "rp", partitions: 3 }), to(out))),
  "table-join-named": () =>
    topology(
      "app",
      table(texts("l"), { store: "l" }).pipe(
        join(table(texts("r"), { store: "r" }), both, { name: "tj", store: "res", value: string() }),
        toStream(),
        to(out),
      ),
    ),
  "split-named": () => {
    const branches = stream(texts("in")).pipe(split({ x: () => true, y: otherwise }, { name: "b-" }));
    return topology("app", branches.x.pipe(to(texts("out-b-x"))), branches.y.pipe(to(texts("out-b-y"))));
  },
  retention: () =>
    topology(
      "app",
      stream(texts("in")).pipe(
        groupByKey(),
        windowedBy(tumbling(10, { grace: 5 })),
        count({ store: "c", retention: 3_600_000 }),
      ),
    ),
  "logging-off-and-config": () => {
    const grouped = stream(texts("in")).pipe(groupByKey());
    const serdes = { key: string(), value: long() };
    const unlogged = keyValueStore("c", { ...serdes, changelog: false });
    const configured = keyValueStore("d", {
      key: string(),
      value: nullable(string()),
      changelogConfigs: { "segment.bytes": "1000", "cleanup.policy": "compact" },
    });
    return topology(
      "app",
      grouped.pipe(count({ store: unlogged })),
      grouped.pipe(reduce({ store: configured, add: both, value: configured.value })),
    );
  },
  versioned: () =>
    topology(
      "app",
      table(texts("in"), {
        store: versionedStore("v", { key: string(), value: string(), historyRetention: 50 }),
      }),
    ),
};
