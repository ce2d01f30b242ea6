import {
  count,
  groupBy,
  join,
  type KTable,
  leftJoin,
  string,
  table,
  to,
  toStream,
  versionedStore,
} from "../../../src/index.ts";
import { longs, type Scenario, scenario, strings } from "./scenario.ts";

type Rows = KTable<string, string | null>;

const text = { key: string(), value: string() };
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const rows = (from: string, store: string): Rows => table(strings(from), { store });
const versions = (from: string, store: string): Rows =>
  table(strings(from), { store: versionedStore(store, { ...text, historyRetention: 1000 }) });

const beforeBar = (value: string): string | null =>
  value.includes("|") ? value.slice(0, value.indexOf("|")) : null;

const tables = (joined: (left: Rows, right: Rows) => Rows): Scenario =>
  scenario(() => [joined(rows("left", "l"), rows("right", "r")).pipe(toStream(), to(strings("out")))]);

const kept = { name: "fk", store: "res", value: string() };
const inner = tables((l, r) => l.pipe(join(r, beforeBar, both, { name: "fk" })));
const left = tables((l, r) => l.pipe(leftJoin(r, beforeBar, both, { name: "fk" })));

export const foreignKeyJoins: Readonly<Record<string, Scenario>> = {
  "fk-inner": inner,
  "bytes-fk-inner": inner,
  "fk-inner-materialized": tables((l, r) => l.pipe(join(r, beforeBar, both, kept))),
  "fk-left": left,
  "bytes-fk-left": left,
  "fk-left-materialized": tables((l, r) => l.pipe(leftJoin(r, beforeBar, both, kept))),
  "fk-versioned": scenario(() => [
    versions("left", "l").pipe(
      leftJoin(versions("right", "r"), beforeBar, both, { name: "fk" }),
      toStream(),
      to(strings("out")),
    ),
  ]),
  "fk-then-aggregate": scenario(() => [
    rows("left", "l").pipe(
      join(rows("right", "r"), beforeBar, both, kept),
      groupBy((value) => [value.slice(value.indexOf("/") + 1), value], text),
      count({ store: "n" }),
      toStream(),
      to(longs("out")),
    ),
  ]),
};
