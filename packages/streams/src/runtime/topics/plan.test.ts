import { expect, test } from "vitest";
import {
  count,
  groupBy,
  groupByKey,
  join,
  type KTable,
  keyValueStore,
  merge,
  nullable,
  process,
  reduce,
  repartition,
  stream,
  string,
  table,
  to,
  toStream,
  type Topic,
  topic,
  topology,
  type TopologyEnd,
} from "../../index.ts";
import { planTopics } from "./plan.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const nullTexts = topic("out", { key: string(), value: nullable(string()) });
const a = stream(texts("a"));
const b = stream(texts("b"));

const plan = (given: Readonly<Record<string, number>>, ...ends: readonly TopologyEnd[]) =>
  planTopics(topology("app", ...ends), "app", new Map(Object.entries(given)));

const sizes = (...planned: Parameters<typeof plan>): Readonly<Record<string, number>> =>
  Object.fromEntries(plan(...planned).partitions);

test("a repartition topic has as many partitions as the greatest source of what feeds it", () => {
  const counted = a.pipe(
    merge(b),
    groupBy((value) => value, { key: string() }),
    count({ store: "c" }),
  );
  expect(sizes({ a: 2, b: 5 }, counted)).toEqual({
    a: 2,
    b: 5,
    "app-c-repartition": 5,
    "app-c-changelog": 5,
  });
});

test("sizes are passed on through repartition topics that feed repartition topics, whatever their order", () => {
  const twice = a.pipe(repartition({ name: "one" }), repartition({ name: "two" }));
  const end = b.pipe(merge(twice), to(texts("out")));
  expect(sizes({ a: 3, b: 1, out: 1 }, end)).toMatchObject({
    "app-one-repartition": 3,
    "app-two-repartition": 3,
  });
  const back = b.pipe(merge(twice), repartition({ name: "three" }), to(texts("out")));
  expect(sizes({ a: 3, b: 7, out: 1 }, back)).toMatchObject({ "app-three-repartition": 7 });
});

test("a join by a foreign key asks in partitions of the right table, and answers in those of the left", () => {
  const right = table(texts("b"), { store: "b" });
  const joined = (left: KTable<string, string | null>): TopologyEnd =>
    left.pipe(
      join(
        right,
        (value) => value,
        (one, other) => one + other,
        { name: "fk" },
      ),
      toStream(),
      to(nullTexts),
    );
  const left = table(texts("a"), { store: "a" });
  for (const [a2, b2] of [
    [2, 5],
    [5, 2],
  ] as const)
    expect(sizes({ a: a2, b: b2, out: 1 }, joined(left))).toEqual({
      a: a2,
      b: b2,
      out: 1,
      "app-fk-subscription-registration-topic": b2,
      "app-fk-subscription-response-topic": a2,
      "app-fk-subscription-store-changelog": b2,
      "app-a-changelog": a2,
      "app-b-changelog": b2,
    });
  const rekeyed = a.pipe(
    groupBy((value) => value, { key: string() }),
    reduce({ store: "r", add: (one) => one }),
  );
  // What leads to the left table's store is partitioned as the answers are, and those are not fewer than what asks.
  expect(sizes({ a: 2, b: 5, out: 1 }, joined(rekeyed))).toMatchObject({
    "app-r-repartition": 5,
    "app-fk-subscription-response-topic": 5,
  });
});

test("a table is joined with itself by a foreign key in one sub-topology", () => {
  const rows = table(texts("a"), { store: "a" });
  const joined = rows.pipe(
    join(
      rows,
      (value) => value,
      (one, other) => one + other,
      { name: "fk" },
    ),
    toStream(),
    to(nullTexts),
  );
  expect(plan({ a: 3, out: 1 }, joined).tasks).toEqual([3]);
  expect(sizes({ a: 3, out: 1 }, joined)).toMatchObject({
    "app-fk-subscription-registration-topic": 3,
    "app-fk-subscription-response-topic": 3,
  });
});

test("a size that was asked for stays, and is passed on", () => {
  const end = a.pipe(
    repartition({ name: "one", partitions: 8 }),
    repartition({ name: "two" }),
    to(texts("out")),
  );
  expect(sizes({ a: 3, out: 1 }, end)).toMatchObject({ "app-one-repartition": 8, "app-two-repartition": 8 });
});

const shared = keyValueStore("shared", { key: string(), value: string() });
const keep = process<string, string, string, string, { shared: typeof shared }>({
  stores: { shared },
  key: string(),
  value: string(),
  create: () => () => undefined,
});

test("topics that lead to one store must have equal numbers of partitions", () => {
  const ends = [a.pipe(keep, to(texts("out"))), b.pipe(keep, to(texts("out")))];
  expect(() => plan({ a: 3, b: 2, out: 1 }, ...ends)).toThrow(
    expect.objectContaining({
      code: "COPARTITION",
      message: expect.stringMatching(/"a" \(3 partitions\).*"b" \(2 partitions\).*repartition/),
    }),
  );
  expect(plan({ a: 3, b: 3, out: 1 }, ...ends).tasks).toEqual([3]);
});

test("a repartition topic takes the size of those that it must be partitioned alike with, be it smaller", () => {
  const wide = a.pipe(repartition({ name: "wide" }));
  const ends = [wide.pipe(keep, to(texts("out"))), b.pipe(keep, to(texts("out")))];
  expect(sizes({ a: 9, b: 2, out: 1 }, ...ends)).toMatchObject({
    "app-wide-repartition": 2,
    "app-shared-changelog": 2,
  });
});

test("repartition topics that must be alike take the greatest of their sizes", () => {
  const ends = [
    a.pipe(repartition({ name: "one" }), keep, to(texts("out"))),
    b.pipe(repartition({ name: "two" }), keep, to(texts("out"))),
  ];
  expect(sizes({ a: 3, b: 5, out: 1 }, ...ends)).toMatchObject({
    "app-one-repartition": 5,
    "app-two-repartition": 5,
  });
});

test("a size that was asked for and does not fit is refused", () => {
  const ends = [
    a.pipe(repartition({ name: "one", partitions: 4 }), keep, to(texts("out"))),
    b.pipe(keep, to(texts("out"))),
  ];
  expect(() => plan({ a: 3, b: 3, out: 1 }, ...ends)).toThrow(
    expect.objectContaining({ code: "COPARTITION" }),
  );
});

test("a merge alone needs no equal numbers", () => {
  expect(plan({ a: 3, b: 2, out: 1 }, a.pipe(merge(b), to(texts("out")))).tasks).toEqual([3]);
});

test("internal topics take records of any time", () => {
  const { internal } = plan(
    { a: 1, b: 1 },
    a.pipe(groupByKey(), count({ store: "c" })),
    table(texts("b"), { store: "t" }),
  );
  expect(internal.map(({ topic: name }) => name).toSorted()).toEqual(["app-c-changelog", "app-t-changelog"]);
  for (const { configs } of internal)
    expect(configs["message.timestamp.after.max.ms"]).toBe("9223372036854775807");
});
