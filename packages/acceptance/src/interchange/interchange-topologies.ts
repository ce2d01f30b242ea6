import {
  aggregate,
  cogroup,
  count,
  filter,
  groupBy,
  groupByKey,
  hopping,
  join,
  joinWindows,
  keyValueStore,
  type KGroupedStream,
  type KStream,
  type KTable,
  leftJoin,
  long,
  mapValues,
  nullable,
  outerJoin,
  process,
  reduce,
  repartition,
  selectKey,
  sessions,
  sessionWindowed,
  type Sink,
  type SinkTopic,
  sliding,
  stream,
  string,
  suppress,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  toTable,
  tumbling,
  untilTimeLimit,
  untilWindowCloses,
  versionedStore,
  windowed,
  windowedBy,
} from "@millrace/streams";

const text = { key: string(), value: string() };
const rowText = { key: string(), value: nullable(string()) };
const tail = (all: string): string => all.slice(-24);
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const add = (sum: string, value: string): string => tail(`${sum}+${value}`);
const subtract = (sum: string, value: string): string => tail(`${sum}-${value}`);
const addOrDelete = (sum: string, value: string): string | null =>
  value.startsWith("a") ? null : add(sum, value);
const latest = (sum: string, value: string): string => tail(`${sum},${value}`);
const foreignKey = (value: string): string => `k${Number(value.slice(-1)) % 6}`;
const init = (): string => "0";
const first = (value: string): string => value.slice(0, 1);

const kept = { grace: 20 };
const tumblingWindows = tumbling(50, kept);
const hoppingWindows = hopping(60, 30, kept);
const sessionWindows = sessions(8, kept);
const slidingWindows = sliding(20, kept);
const joined = joinWindows(10, kept);
const finals = { emit: "finals" } as const;

/** The streams that topologies begin with, each read once. */
interface Inputs {
  readonly a: KStream<string, string>;
  readonly b: KStream<string, string>;
  readonly c: KStream<string, string>;
  readonly rows: (store: string) => KTable<string, string | null>;
}

/** Rows come and go. */
const deletions = (records: KStream<string, string>): KStream<string, string | null> =>
  records.pipe(mapValues((value) => (value.startsWith("d") ? null : value), { value: nullable(string()) }));

const tableOf = (records: KStream<string, string>, store: string): KTable<string, string | null> =>
  deletions(records).pipe(toTable({ store, value: string() }));

const groups = ({ a }: Inputs): KGroupedStream<string, string> => a.pipe(groupByKey());

const versions = (store: string): ReturnType<typeof versionedStore<string, string>> =>
  versionedStore(store, { ...text, historyRetention: 5_000 });

const seen = keyValueStore("seen", { key: string(), value: long() });

type Sinks = <K, V>(serdes: Pick<SinkTopic<K, V>, "key" | "value">) => SinkTopic<K, V>;

const longs = { key: string(), value: long() };
const windowsOf = <V>(windows: Parameters<typeof windowed>[1], value: V) => ({
  key: windowed(string(), windows),
  value,
});
const sessionsOf = <V>(value: V) => ({ key: sessionWindowed(string()), value });

/** What is run on both engines, by name: `jvm/Interchange.java` has the same, operator by operator. */
const pipes: Readonly<Record<string, (inputs: Inputs, out: Sinks) => Sink>> = {
  count: (inputs, out) => groups(inputs).pipe(count({ store: "counts" }), toStream(), to(out(longs))),
  reduce: (inputs, out) =>
    groups(inputs).pipe(reduce({ store: "reduced", add: latest }), toStream(), to(out(rowText))),
  aggregate: (inputs, out) =>
    groups(inputs).pipe(
      aggregate({ store: "aggregated", value: string(), init, add: addOrDelete }),
      toStream(),
      to(out(rowText)),
    ),
  cogroup: (inputs, out) =>
    groups(inputs).pipe(
      cogroup(add),
      cogroup(inputs.b.pipe(groupByKey()), subtract),
      aggregate({ store: "cogrouped", value: string(), init }),
      toStream(),
      to(out(rowText)),
    ),
  tumbling: (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(tumblingWindows),
      count({ store: "tumbling", retention: 200 }),
      toStream(),
      to(out(windowsOf(tumblingWindows, long()))),
    ),
  "tumbling-finals": (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(tumblingWindows, finals),
      aggregate({ store: "tumbling-finals", value: string(), init, add, retention: 10_000 }),
      toStream(),
      to(out(windowsOf(tumblingWindows, string()))),
    ),
  hopping: (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(hoppingWindows),
      reduce({ store: "hopping", add: latest, retention: 200 }),
      toStream(),
      to(out(windowsOf(hoppingWindows, string()))),
    ),
  "hopping-finals": (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(hoppingWindows, finals),
      count({ store: "hopping-finals", retention: 10_000 }),
      toStream(),
      to(out(windowsOf(hoppingWindows, long()))),
    ),
  sliding: (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(slidingWindows),
      count({ store: "sliding", retention: 200 }),
      toStream(),
      to(out(windowsOf(slidingWindows, long()))),
    ),
  "sliding-finals": (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(slidingWindows, finals),
      aggregate({ store: "sliding-finals", value: string(), init, add, retention: 10_000 }),
      toStream(),
      to(out(windowsOf(slidingWindows, string()))),
    ),
  sessions: (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(sessionWindows),
      reduce({ store: "sessions", add: latest, retention: 200 }),
      toStream(),
      to(out(sessionsOf(nullable(string())))),
    ),
  "session-finals": (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(sessionWindows, finals),
      aggregate({
        store: "session-finals",
        value: string(),
        init,
        add,
        merge: (one, other) => tail(`${one}|${other}`),
        retention: 10_000,
      }),
      toStream(),
      to(out(sessionsOf(nullable(string())))),
    ),
  "suppress-windows": (inputs, out) =>
    groups(inputs).pipe(
      windowedBy(tumblingWindows),
      count({ store: "suppressed-windows", retention: 200 }),
      suppress(untilWindowCloses(), { store: "closed-windows-store" }),
      toStream(),
      to(out(windowsOf(tumblingWindows, long()))),
    ),
  "suppress-table": ({ a }, out) =>
    tableOf(a, "suppressed-rows").pipe(
      suppress(untilTimeLimit(40, { maxRecords: 4, whenFull: "emitEarly" }), { store: "held-rows-store" }),
      toStream(),
      to(out(rowText)),
    ),
  "stream-stream": ({ a, b }, out) => a.pipe(join(b, both, { name: "ss", windows: joined }), to(out(text))),
  "stream-stream-left": ({ a, b }, out) =>
    a.pipe(leftJoin(b, both, { name: "ss-left", windows: joined }), to(out(text))),
  "stream-stream-outer": ({ a, b }, out) =>
    a.pipe(outerJoin(b, both, { name: "ss-outer", windows: joined }), to(out(text))),
  "stream-table": ({ a, b }, out) => a.pipe(join(tableOf(b, "st"), both), to(out(text))),
  "stream-table-left": ({ a, b }, out) => a.pipe(leftJoin(tableOf(b, "st-left"), both), to(out(text))),
  "stream-table-versioned": ({ a, b }, out) =>
    a.pipe(
      join(deletions(b).pipe(toTable({ store: versions("st-versions"), value: string() })), both, {
        name: "waiting",
        grace: 30,
      }),
      to(out(text)),
    ),
  "table-table": ({ a, b }, out) =>
    tableOf(a, "tt-left").pipe(join(tableOf(b, "tt-right"), both), toStream(), to(out(rowText))),
  "table-table-outer": ({ a, b }, out) =>
    tableOf(a, "tto-left").pipe(
      outerJoin(tableOf(b, "tto-right"), both, { store: "tto-joined", value: string() }),
      toStream(),
      to(out(rowText)),
    ),
  "foreign-key": ({ a, b }, out) =>
    tableOf(a, "fk-left").pipe(
      join(tableOf(b, "fk-right"), foreignKey, both, { name: "fk", store: "fk-joined", value: string() }),
      toStream(),
      to(out(rowText)),
    ),
  "foreign-key-left": ({ a, b }, out) =>
    tableOf(a, "fkl-left").pipe(
      leftJoin(tableOf(b, "fkl-right"), foreignKey, both, {
        name: "fkl",
        store: "fkl-joined",
        value: string(),
      }),
      toStream(),
      to(out(rowText)),
    ),
  "table-operators": ({ rows }, out) =>
    rows("operated").pipe(
      filter((value) => !value.startsWith("b"), { store: "filtered" }),
      mapValues((value, key) => `${key}:${value}`, { store: "mapped", value: string() }),
      toStream(),
      to(out(rowText)),
    ),
  "versioned-count": ({ c }, out) =>
    deletions(c).pipe(
      toTable({ store: versions("versions"), value: string() }),
      groupBy((value) => [first(value), value], { ...text, name: "by-version" }),
      count({ store: "version-counts" }),
      toStream(),
      to(out(longs)),
    ),
  processor: ({ a }, out) =>
    a.pipe(
      process<string, string, string, number, { readonly seen: typeof seen }>({
        stores: { seen },
        create:
          ({ stores, forward }) =>
          (record) => {
            const times = (stores.seen.get(record.key) ?? 0) + 1;
            stores.seen.put(record.key, times);
            forward({ ...record, value: times });
          },
      }),
      to(out(longs)),
    ),
  grouped: ({ c }, out) =>
    c.pipe(
      groupBy((value) => first(value), { key: string(), name: "by-first" }),
      aggregate({ store: "firsts", value: string(), init, add }),
      toStream(),
      to(out(rowText)),
    ),
  again: ({ c }, out) =>
    c.pipe(
      selectKey((value) => first(value), { key: string() }),
      repartition({ name: "again", partitions: 2 }),
      groupByKey(),
      count({ store: "again-counts" }),
      toStream(),
      to(out(longs)),
    ),
  "grouped-table": ({ c }, out) =>
    tableOf(c, "grouped-rows").pipe(
      groupBy((value) => [first(value), value], { ...text, name: "by-row" }),
      aggregate({ store: "row-groups", value: string(), init, add, subtract }),
      toStream(),
      to(out(rowText)),
    ),
  "rekeyed-table": ({ c }, out) =>
    c.pipe(
      selectKey((value) => first(value), { key: string() }),
      toTable({ name: "by-value", store: "value-rows" }),
      toStream(),
      to(out(rowText)),
    ),
};

export const topologyNames: readonly string[] = Object.keys(pipes);

/** An application that runs all of these, from the topics `<inputs>-a` and so on to `<application id>-<name>`. */
export const interchangeTopology = (
  applicationId: string,
  inputs: string,
  names: readonly string[],
): Topology => {
  const from = (name: string): KStream<string, string> => stream(topic(`${inputs}-${name}`, text));
  const streams: Inputs = {
    a: from("a"),
    b: from("b"),
    c: from("c"),
    rows: (store) => table(topic(`${inputs}-t`, rowText), { store }),
  };
  const sinks = names.map((name) => {
    const pipe = pipes[name];
    if (pipe === undefined)
      throw new Error(`there is no topology "${name}"; there are ${topologyNames.join(", ")}`);
    return pipe(streams, (serdes) => topic(`${applicationId}-${name}`, serdes as never) as never);
  });
  return topology(applicationId, ...sinks);
};
