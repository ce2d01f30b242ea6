import {
  count,
  filter,
  filterNot,
  flatMap,
  flatMapValues,
  groupByKey,
  long,
  map,
  mapValues,
  merge,
  nullable,
  otherwise,
  peek,
  repartition,
  selectKey,
  split,
  stream,
  string,
  to,
  topic,
  toStream,
} from "../../../src/index.ts";
import { javaSplit } from "./java-split.ts";
import { longs, type Scenario, scenario, strings } from "./scenario.ts";

const longerThanOne = (value: string | null, key: string | null): boolean =>
  key !== null && value !== null && value.length > 1;

const partsOf = (value: string | null): readonly string[] =>
  value === null ? [] : value.split(",").filter((part) => part !== "");

export const stateless: Readonly<Record<string, Scenario>> = {
  filter: scenario(() => {
    const input = stream(strings("in"));
    return [
      input.pipe(filter(longerThanOne), to(strings("out-filter"))),
      input.pipe(filterNot(longerThanOne), to(strings("out-not"))),
    ];
  }),

  "flat-map": scenario(() => {
    const input = stream(strings("in"));
    return [
      input.pipe(
        flatMap((value, key) => partsOf(value).map((part) => [part, key] as const)),
        to(strings("out-flatmap")),
      ),
      input.pipe(
        flatMapValues((value) => (value === null || value === "" ? [] : javaSplit(value))),
        to(strings("out-values")),
      ),
    ];
  }),

  "group-by-key-null": scenario(() => [
    stream(strings("in")).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(longs("out"))),
  ]),

  "map-chain": scenario(() => [
    stream(strings("in")).pipe(
      map((value, key) => [`${key}!`, `${value}${value}`]),
      mapValues((value, key) => `${key}:${value}`),
      to(strings("out")),
    ),
  ]),

  merge: scenario(() => [
    stream(strings("left")).pipe(
      mapValues((value): string | null => `L${value}`),
      merge(stream(strings("right")).pipe(filter((value) => value !== null))),
      to(strings("out")),
    ),
  ]),

  "merge-self": scenario(() => {
    const input = stream(strings("in"));
    const suffixed = (suffix: string) => input.pipe(mapValues((value): string | null => `${value}${suffix}`));
    return [suffixed("1").pipe(merge(suffixed("2")), merge(input), to(strings("out")))];
  }),

  "peek-order": scenario((trace) => {
    const logged = (name: string) =>
      peek((value: string | null, key: string | null) => trace(`${name} ${key} ${value}`));
    const input = stream(strings("in")).pipe(logged("p0"));
    return [
      input.pipe(
        filter((value) => value !== "skip"),
        logged("p1"),
        mapValues((value): string | null => `${value}!`),
        logged("p2"),
        to(strings("out")),
      ),
      input.pipe(logged("p3"), to(strings("out2"))),
    ];
  }),

  repartition: scenario((trace) => [
    stream(strings("in")).pipe(
      map((value, key) => [value, key]),
      repartition({ name: "rp", partitions: 3, key: nullable(string()), value: nullable(string()) }),
      peek((value, key) => trace(`${key} ${value}`)),
      to(strings("out")),
    ),
  ]),

  "select-key-count": scenario(() => [
    stream(strings("in")).pipe(
      selectKey((value) => value, { key: nullable(string()) }),
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      to(longs("out")),
    ),
  ]),

  "split-default": scenario(() => {
    const branches = stream(strings("in")).pipe(
      split({
        a: (value) => value?.startsWith("a") === true,
        long: (value) => value !== null && value.length > 3,
        rest: otherwise,
      }),
    );
    return [
      branches.a.pipe(to(strings("out-a"))),
      branches.long.pipe(to(strings("out-long"))),
      branches.rest.pipe(to(strings("out-rest"))),
    ];
  }),

  "split-no-default": scenario(() => {
    const { big, num } = stream(strings("in")).pipe(
      split(
        {
          big: (_value, key) => key !== null && key > "m",
          num: (value) => value !== null && /^[0-9]/.test(value),
        },
        { name: "s-" },
      ),
    );
    return [big.pipe(to(strings("out-big"))), num.pipe(to(strings("out-num")))];
  }),

  "timestamp-extractor": scenario(() => {
    const input = topic("in", { key: nullable(string()), value: long(), timestamp: ({ value }) => value });
    return [stream(input).pipe(to(longs("out")))];
  }),

  "topic-extractor": scenario(() => [
    stream(strings("in")).pipe(to((value) => ((value?.length ?? 0) % 2 === 0 ? "out-even" : "out-odd"))),
  ]),
};
