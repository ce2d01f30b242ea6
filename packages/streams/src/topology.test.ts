import { describe, expect, test } from "vitest";
import { TestDriver } from "./testing/index.ts";
import {
  aggregate,
  count,
  filter,
  flatMapValues,
  foreach,
  globalTable,
  mapValues,
  merge,
  peek,
  reduce,
  groupBy,
  groupByKey,
  keyValueStore,
  nullable,
  processValues,
  table,
  TopologyError,
  long,
  map,
  process,
  repartition,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "./index.ts";

const words = topic("words", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const sink = (name: string) => topic(name, { key: string(), value: string() });
const counted = (store: string) => stream(words).pipe(groupByKey(), count({ store }), toStream(), to(counts));
const through = () => stream(words).pipe(repartition({ name: "r" }), to(words));

test("describes its sub-topologies, topics and stores", () => {
  const counting = topology(
    "counting",
    stream(words).pipe(
      filter((word) => word !== ""),
      groupBy((word) => word, { key: string() }),
      count({ store: "by-word" }),
      toStream(),
      to(counts),
    ),
  );
  expect(counting.subTopologies).toHaveLength(2);
  expect(counting.describe()).toMatchInlineSnapshot(`
    "Topologies:
       Sub-topology: 0
        Source: KSTREAM-SOURCE-0000000000 (topics: [words])
          --> KSTREAM-FILTER-0000000001
        Processor: KSTREAM-FILTER-0000000001 (stores: [])
          --> KSTREAM-KEY-SELECT-0000000002
          <-- KSTREAM-SOURCE-0000000000
        Processor: KSTREAM-KEY-SELECT-0000000002 (stores: [])
          --> by-word-repartition-filter
          <-- KSTREAM-FILTER-0000000001
        Processor: by-word-repartition-filter (stores: [])
          --> by-word-repartition-sink
          <-- KSTREAM-KEY-SELECT-0000000002
        Sink: by-word-repartition-sink (topic: by-word-repartition)
          <-- by-word-repartition-filter

      Sub-topology: 1
        Source: by-word-repartition-source (topics: [by-word-repartition])
          --> KSTREAM-AGGREGATE-0000000003
        Processor: KSTREAM-AGGREGATE-0000000003 (stores: [by-word])
          --> KTABLE-TOSTREAM-0000000007
          <-- by-word-repartition-source
        Processor: KTABLE-TOSTREAM-0000000007 (stores: [])
          --> KSTREAM-SINK-0000000008
          <-- KSTREAM-AGGREGATE-0000000003
        Sink: KSTREAM-SINK-0000000008 (topic: counts)
          <-- KTABLE-TOSTREAM-0000000007

    "
  `);
});

test("what shares a source topic is one sub-topology", () => {
  const both = topology("both", stream(words).pipe(to(sink("a"))), stream(words).pipe(to(sink("b"))));
  expect(both.subTopologies).toHaveLength(1);
});

describe("is refused", () => {
  test("without a sink", () => {
    expect(() => topology("empty")).toThrow(/has no sinks: end its pipes with to\(\) or foreach\(\)/);
  });

  test("with a name that can't be part of a topic's", () => {
    expect(() => topology("a b", counted("c"))).toThrow(/only letters, digits/);
    expect(() => topology("ok", counted("no/slash"))).toThrow(/a store can't be named "no\/slash"/);
  });

  test("with two stores of one name", () => {
    const other = stream(words).pipe(
      groupByKey(),
      windowedBy(tumbling(10, { grace: 0 })),
      count({ store: "same" }),
      toStream(),
      process({
        name: "unwrap",
        key: string(),
        value: long(),
        create:
          ({ forward }) =>
          (record) =>
            forward({ ...record, key: record.key.key }),
      }),
      to(counts),
    );
    expect(() => topology("t", counted("same"), other)).toThrow(/two .*stores are named "same"/);
  });

  test("with two aggregations of one store name, though they are alike", () => {
    const numbered = stream(topic("others", { key: string(), value: string() })).pipe(
      groupByKey(),
      count({ store: "same" }),
    );
    expect(() => topology("t", counted("same"), numbered)).toThrow(
      /two stores are named "same": give one another name, or, .* define it once/,
    );
    expect(() => topology("t", table(words, { store: "same" }), counted("same"))).toThrow(TopologyError);
  });

  test("with one topic that is read in two ways", () => {
    const lengths = topic("words", { key: string(), value: long() });
    expect(() => topology("t", stream(words).pipe(to(sink("a"))), stream(lengths).pipe(to(counts)))).toThrow(
      /topic "words" is read twice, with two different value serdes: define it once with topic\(\)/,
    );
    const timed = topic("words", { ...words, timestamp: () => 5 });
    expect(() => topology("t", stream(words).pipe(to(sink("a"))), table(timed, { store: "t" }))).toThrow(
      /two different timestamp functions/,
    );
  });

  test("with a topic that Kafka takes no name of", () => {
    for (const name of ["", "two words", "größe", ".", "..", "x".repeat(250), undefined as never]) {
      const bad = topic(name, { key: string(), value: string() });
      for (const [operator, end] of [
        ["stream", () => stream(bad).pipe(foreach(() => undefined))],
        ["table", () => table(bad, { store: "rows" })],
        ["globalTable", () => globalTable(bad, { store: "rows" })],
        ["to", () => stream(words).pipe(to(bad))],
      ] as const)
        expect(() => topology("t", end())).toThrow(
          `${operator}() is given the topic "${name}", and none can`,
        );
    }
  });

  test("with two repartition topics of one name", () => {
    expect(() => topology("t", through(), through())).toThrow(/two repartition topics are named "r"/);
  });

  test("where a repartition topic or a store would have no serde", () => {
    expect(() =>
      stream(words).pipe(
        map((word) => [word.length, word]),
        groupByKey(),
        count({ store: "c" }),
      ),
    ).toThrow(
      /the store "c" needs a key serde, and map\(\) makes keys that none is known for: give map\(\) one as \{ key: ... \}/,
    );
    expect(() =>
      stream(words).pipe(
        map((word) => [word, word.length]),
        repartition({ name: "r", key: string() }),
      ),
    ).toThrow(/repartition topic "r" needs a value serde, and map\(\) makes values that none is known for/);
  });

  test("where a serde is missing, blaming the operator whose output has none", () => {
    expect(() =>
      stream(words).pipe(
        flatMapValues((word) => [word.length]),
        peek(() => undefined),
        groupBy((length) => String(length), { key: string() }),
        count({ store: "c" }),
      ),
    ).toThrow(
      'the repartition topic "c" needs a value serde, and flatMapValues() makes values that none is known for: ' +
        "give flatMapValues() one as { value: ... }, or the grouping",
    );
    expect(() =>
      stream(words).pipe(
        merge(stream(counts)),
        groupBy((value) => String(value), { key: string() }),
        count({ store: "c" }),
      ),
    ).toThrow(/merge\(\) joins streams whose value serdes differ: give the grouping one for both/);
    expect(() =>
      stream(words).pipe(
        mapValues((word) => word.length),
        groupByKey(),
        reduce({ store: "r", add: Math.max }),
      ),
    ).toThrow(
      /mapValues\(\) makes values that none is known for: give mapValues\(\) one as { value: ... }, or reduce\(\)/,
    );
  });

  test("where windows would be forgotten while they still take records", () => {
    expect(() =>
      stream(words).pipe(
        groupByKey(),
        windowedBy(tumbling(10, { grace: 5 })),
        aggregate({ store: "a", value: long(), init: () => 0, add: (sum) => sum + 1, retention: 14 }),
      ),
    ).toThrow(/keeps windows for 14 ms, but they take records for 15 ms/);
  });
});

test("a processor and an aggregation that are given one definition share its store", () => {
  const counter = keyValueStore("counter", { key: string(), value: long() });
  const read = stream(words).pipe(
    processValues({
      value: long(),
      stores: { counter },
      create:
        ({ stores, forward }) =>
        ({ key, timestamp }) =>
          forward({ value: stores.counter.get(key) ?? 0, timestamp }),
    }),
    to(counts),
  );
  const driver = new TestDriver(
    topology("t", stream(words).pipe(groupByKey(), count({ store: counter })), read),
  );
  for (const word of ["a", "a"]) driver.pipeInput(words, word, word);
  expect(driver.readOutput(counts).map(({ value }) => value)).toEqual([1, 2]);
});

test("a topic made of another has its own name", () => {
  const copy = topic("copy", words);
  const driver = new TestDriver(topology("t", stream(words).pipe(to(copy))));
  driver.pipeInput(words, "k", "v");
  expect(driver.readOutput(copy).map(({ value }) => value)).toEqual(["v"]);
});

test("a topology that feeds itself is told of in tests", () => {
  const driver = new TestDriver(topology("t", stream(words).pipe(to(words))));
  expect(() => driver.pipeInput(words, "k", "v")).toThrow(
    /more than 100000 records for "words".*endless loop/,
  );
});

describe("a stream and a table of one topic", () => {
  const rows = topic("rows", { key: string(), value: string() });
  const changes = topic("changes", { key: string(), value: nullable(string()) });
  const both = (first: "stream" | "table"): TestDriver => {
    const records = stream(rows).pipe(to(sink("records")));
    const rowsOf = table(rows, { store: "rows" }).pipe(toStream(), to(changes));
    return new TestDriver(
      first === "stream" ? topology("t", records, rowsOf) : topology("t", rowsOf, records),
      { deadLetterTopic: "dead" },
    );
  };

  test.for(["stream", "table"] as const)("each read nulls as they mean them, the %s first", (first) => {
    const driver = both(first);
    driver.pipeInput(rows, "k", "v");
    driver.pipeBytes("rows", Buffer.from("k"), null, 1);
    expect(driver.readOutput(changes).map(({ value }) => value)).toEqual(["v", null]);
    expect(driver.readOutput(sink("records")).map(({ value }) => value)).toEqual(["v"]);
    expect(driver.produced.filter(({ topic: name }) => name === "dead")).toHaveLength(1);
  });
});

test("two processors that name one definition share its store", () => {
  const seen = keyValueStore("seen", { key: string(), value: long() });
  const remember = (name: string) =>
    stream(words).pipe(
      process({
        name,
        stores: { seen },
        key: string(),
        value: long(),
        create:
          ({ stores, forward }) =>
          (record) => {
            stores.seen.put(record.key, (stores.seen.get(record.key) ?? 0) + 1);
            forward({ ...record, value: stores.seen.get(record.key) ?? 0 });
          },
      }),
      to(counts),
    );
  const both = topology("both", remember("one"), remember("two"));
  expect(both.subTopologies[0]?.stores.map(({ name }) => name)).toEqual(["seen"]);
});
