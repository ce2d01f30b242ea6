import {
  count,
  globalTable,
  groupByKey,
  join,
  type KStream,
  type KTable,
  leftJoin,
  nullable,
  outerJoin,
  stream,
  string,
  table,
  to,
  topic,
  toStream,
  tumbling,
  versionedStore,
  windowed,
  type Windowed,
  windowedBy,
} from "../../../src/index.ts";
import { type Scenario, scenario, strings } from "./scenario.ts";

type Rows = KTable<string, string | null>;
type Texts = KStream<string | null, string | null>;

const text = { key: string(), value: string() };
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const rows = (from: string, store: string): Rows => table(strings(from), { store });
const versions = (from: string, store: string, historyRetention: number): Rows =>
  table(strings(from), { store: versionedStore(store, { ...text, historyRetention }) });

const streamTable = (rowsOf: () => Rows, joined: (stream: Texts, rows: Rows) => Texts): Scenario =>
  scenario(() => {
    const t = rowsOf();
    return [joined(stream(strings("in")), t).pipe(to(strings("out")))];
  });

const graced = streamTable(
  () => versions("tab", "t", 60_000),
  (s, t) => s.pipe(join(t, both, { grace: 10, name: "g" })),
);

const tables = (joined: (left: Rows, right: Rows) => Rows): Scenario =>
  scenario(() => [joined(rows("left", "l"), rows("right", "r")).pipe(toStream(), to(strings("out")))]);

const counted = (from: string, store: string): KTable<Windowed<string | null>, number> =>
  stream(strings(from)).pipe(groupByKey(), windowedBy(tumbling(10, { grace: 100 })), count({ store }));

const prefix = (value: string): string | null =>
  value.includes(":") ? value.slice(0, value.indexOf(":")) : null;

const globalJoin = (operator: typeof leftJoin): Scenario =>
  scenario(() => {
    const g = globalTable(strings("g"), { store: "gt" });
    return [stream(strings("in")).pipe(operator(g, both, { on: prefix }), to(strings("out")))];
  });

const kept = { store: "res", value: string() };

export const tableJoins: Readonly<Record<string, Scenario>> = {
  "st-inner": streamTable(
    () => rows("tab", "t"),
    (s, t) => s.pipe(join(t, both)),
  ),
  "st-left": streamTable(
    () => rows("tab", "t"),
    (s, t) => s.pipe(leftJoin(t, both)),
  ),
  "st-table-from-aggregate": scenario(() => {
    const s = stream(strings("in"));
    const counts = s.pipe(groupByKey(), count({ store: "counts" }));
    return [
      s.pipe(
        join(counts, (value, n) => `${value}/${n}`),
        to(strings("out")),
      ),
    ];
  }),
  "st-versioned": streamTable(
    () => versions("tab", "t", 50),
    (s, t) => s.pipe(leftJoin(t, both)),
  ),
  "st-versioned-grace": graced,
  "bytes-st-versioned-grace": graced,
  "global-inner": globalJoin(join),
  "global-left": globalJoin(leftJoin),
  "tt-inner": tables((l, r) => l.pipe(join(r, both))),
  "tt-inner-materialized": tables((l, r) => l.pipe(join(r, both, kept))),
  "tt-left": tables((l, r) => l.pipe(leftJoin(r, both))),
  "tt-left-materialized": tables((l, r) => l.pipe(leftJoin(r, both, kept))),
  "tt-outer": tables((l, r) => l.pipe(outerJoin(r, both))),
  "tt-outer-materialized": tables((l, r) => l.pipe(outerJoin(r, both, kept))),
  "tt-versioned": scenario(() => [
    versions("left", "l", 1000).pipe(
      outerJoin(versions("right", "r", 1000), both),
      toStream(),
      to(strings("out")),
    ),
  ]),
  "tt-chain": scenario(() => {
    const [l, r, x] = [rows("left", "l"), rows("right", "r"), rows("third", "x")];
    return [l, r, x, l.pipe(join(r, both), leftJoin(x, both), toStream(), to(strings("out")))];
  }),
  "tt-self": scenario(() => {
    const t = rows("in", "t");
    return [t.pipe(join(t, both), toStream(), to(strings("out")))];
  }),
  "tt-windowed": scenario(() => {
    return [
      counted("left", "l").pipe(
        outerJoin(counted("right", "r"), (l, r) => `${l}/${r}`),
        toStream(),
        to(topic("out", { key: windowed(nullable(string()), 10), value: nullable(string()) })),
      ),
    ];
  }),
};
