import {
  aggregate,
  count,
  flatMapValues,
  groupBy,
  groupByKey,
  nullable,
  reduce,
  selectKey,
  stream,
  string,
  to,
  toStream,
} from "../../../src/index.ts";
import { javaSplit } from "./java-split.ts";
import { comma, longs, plus, type Scenario, scenario, strings } from "./scenario.ts";

const text = nullable(string());
const words = (value: string | null): readonly string[] => (value === null ? [] : javaSplit(value));
/** The first of code units, as Java's substring takes it. */
const first = (value: string | null): string | null =>
  value === null || value === "" ? null : value.slice(0, 1);

const counted = scenario(() => [
  stream(strings("in")).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(longs("out"))),
]);

const wordCount = scenario(() => [
  stream(strings("in")).pipe(
    flatMapValues(words),
    groupBy((word) => word, { key: string(), value: string() }),
    count({ store: "counts" }),
    toStream(),
    to(longs("out")),
  ),
]);

const reducedToNull = scenario(() => [
  stream(strings("in")).pipe(
    groupByKey(),
    reduce({ store: "red", add: (a, value) => (value === "del" ? null : comma(a, value)) }),
    toStream(),
    to(strings("out")),
  ),
]);

export const aggregates: Readonly<Record<string, Scenario>> = {
  aggregate: scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      aggregate({ store: "agg", value: string(), init: () => "0", add: plus }),
      toStream(),
      to(strings("out")),
    ),
  ]),

  "aggregate-to-null": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      aggregate({
        store: "agg",
        value: string(),
        init: () => "0",
        add: (agg, value) => (value === "del" ? null : plus(agg, value)),
      }),
      toStream(),
      to(strings("out")),
    ),
  ]),

  count: counted,
  "bytes-count": counted,
  "flat-map-count": wordCount,
  "flat-map-count-cached": wordCount,

  "flat-values-reduce-cached": scenario(() => [
    stream(strings("in")).pipe(
      flatMapValues((value): readonly (string | null)[] => words(value)),
      groupByKey(),
      reduce({ store: "red", value: text, add: comma }),
      toStream(),
      to(strings("out")),
    ),
  ]),

  "group-by-aggregate": scenario(() => [
    stream(strings("in")).pipe(
      groupBy(first, { key: string(), value: text }),
      aggregate({ store: "agg", value: string(), init: () => "0", add: plus }),
      toStream(),
      to(strings("out")),
    ),
  ]),

  reduce: scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      reduce({ store: "red", add: comma }),
      toStream(),
      to(strings("out")),
    ),
  ]),

  "reduce-to-null": reducedToNull,
  "bytes-reduce-to-null": reducedToNull,

  "bytes-select-key-count": scenario(() => [
    stream(strings("in")).pipe(
      selectKey((value) => value, { key: text }),
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      to(longs("out")),
    ),
  ]),
};
