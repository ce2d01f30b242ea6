import { describe, expect, test } from "vitest";
import {
  count,
  groupBy,
  groupByKey,
  keyValueStore,
  long,
  merge,
  noGrace,
  reduce,
  toTable,
  tumbling,
  windowedBy,
  process,
  repartition,
  selectKey,
  stream,
  string,
  table,
  to,
  type Topic,
  topic,
  topology,
  type Topology,
  type TopologyEnd,
} from "./index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const a = stream(texts("a"));
const b = stream(texts("b"));
const counted: TopologyEnd = a.pipe(
  groupBy((value) => value, { key: string() }),
  count({ store: "by-value" }),
);
const copied: TopologyEnd = b.pipe(to(texts("out")));

const identities = ({ subTopologies }: Topology): readonly string[] =>
  subTopologies.map(({ identity }) => identity).toSorted();

const repartitions = (...ends: readonly TopologyEnd[]): readonly string[] =>
  topology("t", ...ends).subTopologies.flatMap(({ sources }) =>
    sources.flatMap(({ role }) => (role.type === "repartition" ? [role.name] : [])),
  );

const groups = (...ends: readonly TopologyEnd[]): readonly (readonly string[])[] =>
  topology("t", ...ends).subTopologies.flatMap(({ copartitionGroups }) =>
    copartitionGroups.map((group) =>
      group
        .map(({ role }) =>
          role.type === "source"
            ? (role.topics[0]?.name ?? "")
            : role.type === "repartition"
              ? role.name
              : "",
        )
        .toSorted(),
    ),
  );

describe("the identity of a sub-topology", () => {
  test("is what it reads and keeps", () => {
    expect(identities(topology("t", counted, copied))).toEqual([
      "*-by-value-repartition|by-value",
      "a|",
      "b|",
    ]);
  });

  test("stays when the ends are named in another order, and when the application is", () => {
    expect(identities(topology("t", copied, counted))).toEqual(identities(topology("u", counted, copied)));
  });

  test("is another when it keeps another store", () => {
    const other = a.pipe(groupByKey(), count({ store: "by-key" }));
    expect(identities(topology("t", other))).not.toEqual(
      identities(topology("t", a.pipe(groupByKey(), count({ store: "c" })))),
    );
  });
});

describe("the repartition topic", () => {
  test("of a grouping has its name, and serves all aggregations of it", () => {
    const grouped = a.pipe(groupBy((value) => value, { name: "g", key: string() }));
    expect(
      repartitions(
        grouped.pipe(count({ store: "c" })),
        grouped.pipe(reduce({ store: "r", add: (one) => one })),
      ),
    ).toEqual(["g"]);
  });

  test("of a grouping without a name has that of the store", () => {
    expect(repartitions(counted)).toEqual(["by-value"]);
  });

  test("of a grouped table has its name", () => {
    expect(
      repartitions(
        table(texts("a"), { store: "t" }).pipe(
          groupBy((value) => [value, value], { name: "g", key: string(), value: string() }),
          count({ store: "c" }),
        ),
      ),
    ).toEqual(["g"]);
  });

  test("of a windowed grouping has its name", () => {
    expect(
      repartitions(
        a.pipe(
          groupBy((value) => value, { name: "g", key: string() }),
          windowedBy(tumbling(10, noGrace)),
          count({ store: "c" }),
        ),
      ),
    ).toEqual(["g"]);
  });

  test("of a re-keyed table has its name, or that of the store", () => {
    const rekeyed = a.pipe(selectKey((value) => value, { key: string() }));
    expect(repartitions(rekeyed.pipe(toTable({ name: "g", store: "t" })))).toEqual(["g"]);
    expect(repartitions(rekeyed.pipe(toTable({ store: "t" })))).toEqual(["t"]);
  });
});

describe("topics that must have equal numbers of partitions", () => {
  const seen = keyValueStore("seen", { key: string(), value: long() });
  const remember = (name: string) =>
    process<string, string, string, string, { readonly seen: typeof seen }>({
      name,
      stores: { seen },
      create: () => () => undefined,
    });

  test("are those of two streams that lead to one store", () => {
    expect(
      groups(
        a.pipe(remember("left"), to(texts("out"))),
        b.pipe(
          selectKey((value) => value, { key: string() }),
          repartition({ name: "again" }),
          remember("right"),
          to(texts("out")),
        ),
      ),
    ).toEqual([["a", "again"]]);
  });

  test("are those of merged streams where a store follows", () => {
    expect(groups(a.pipe(merge(b), groupByKey(), count({ store: "c" })))).toEqual([["a", "b"]]);
  });

  test("are not those of streams that are only merged", () => {
    expect(groups(a.pipe(merge(b), to(texts("out"))))).toEqual([]);
  });

  test("are one group where stores tie two", () => {
    const t = stream(texts("c"));
    expect(
      groups(
        a.pipe(remember("one"), to(texts("out"))),
        b.pipe(remember("two"), to(texts("out"))),
        b.pipe(merge(t), groupByKey(), count({ store: "n" })),
      ),
    ).toEqual([["a", "b", "c"]]);
  });

  test("are none for a table alone", () => {
    expect(groups(table(texts("a"), { store: "t" }))).toEqual([]);
  });
});
