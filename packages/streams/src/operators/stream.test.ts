import { describe, expect, test } from "vitest";
import {
  count,
  groupByKey,
  json,
  long,
  mapValues,
  selectKey,
  stream,
  string,
  table,
  to,
  topic,
  type Topic,
  topology,
  toStream,
} from "../index.ts";
import { matchedBy } from "../runtime/topics/match-topics.ts";
import { planTopics } from "../runtime/topics/plan.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const out = texts("out");
const text = { key: string(), value: string() };

const seen = (driver: TestDriver): readonly string[] =>
  driver.readOutput(out).map(({ key, value, timestamp }) => `${key}=${value}@${timestamp}`);

describe("a stream of several topics", () => {
  test("has the records of all, each read by its own serdes and timestamps", () => {
    const numbers = topic("numbers", {
      key: string(),
      value: json<number>(),
      timestamp: ({ value }) => value,
    });
    const driver = new TestDriver(
      topology(
        "several",
        stream([texts("a"), numbers]).pipe(
          mapValues((value) => String(value)),
          to(out),
        ),
      ),
    );
    driver.pipeInput(texts("a"), "k", "text", 1);
    driver.pipeInput(numbers, "k", 7, 2);
    expect(seen(driver)).toEqual(["k=text@1", "k=7@7"]);
  });

  test("is one source in describe()", () => {
    const described = topology(
      "several",
      stream([texts("b"), texts("a")]).pipe(
        mapValues((value) => value),
        to(out),
      ),
      stream([texts("c"), texts("d")], { name: "both" }).pipe(to(texts("other"))),
    ).describe();
    expect(described).toContain(
      "Source: KSTREAM-SOURCE-0000000000 (topics: [a, b])\n      --> KSTREAM-MAPVALUES-0000000001",
    );
    expect(described).toContain("Source: both (topics: [c, d])");
  });

  test("must have equally many partitions of each where state follows, and not where records go through a repartition", () => {
    const sizes = new Map([
      ["a", 2],
      ["b", 3],
      ["out", 1],
    ]);
    const counting = topology(
      "counting",
      stream([texts("a"), texts("b")]).pipe(groupByKey(), count({ store: "counts" })),
    );
    expect(() => planTopics(counting, "app", sizes)).toThrow(
      /topics "a" \(2 partitions\) and "b" \(3 partitions\) lead to one store/,
    );
    const regrouping = topology(
      "regrouping",
      stream([texts("a"), texts("b")]).pipe(
        selectKey((value) => value),
        groupByKey(text),
        count({ store: "counts" }),
      ),
    );
    expect(planTopics(regrouping, "app", sizes).tasks).toEqual([3, 3]);
  });

  test("is refused without a topic, and with two of one name", () => {
    expect(() => stream([])).toThrow(/reads nothing/);
    expect(() => stream([texts("a"), texts("a")])).toThrow(/two topics of the name "a"/);
    const once = texts("a");
    expect(topology("t", stream([once, once]).pipe(to(out))).describe()).toContain("(topics: [a])");
  });
});

describe("a stream of a pattern", () => {
  const orders = stream(/orders-.*/, text);
  const copying = topology("copying", orders.pipe(to(out)));

  test("has the records of the topics whose whole names match", () => {
    const driver = new TestDriver(copying);
    driver.pipeInput(texts("orders-de"), "k", "1", 1);
    driver.pipeInput(texts("orders-fr"), "k", "2", 2);
    expect(seen(driver)).toEqual(["k=1@1", "k=2@2"]);
    expect(() => driver.pipeInput(texts("my-orders-de"), "k", "3", 3)).toThrow(/not a source topic/);
  });

  test("tells processors and timestamps which topic a record is from", () => {
    const seenTopics: string[] = [];
    const driver = new TestDriver(
      topology(
        "told",
        stream(/orders-.*/, {
          ...text,
          timestamp: ({ topic: name, timestamp }) => {
            seenTopics.push(name);
            return timestamp;
          },
        }).pipe(to(out)),
      ),
    );
    driver.pipeInput(texts("orders-fr"), "k", "1", 1);
    expect(seenTopics).toEqual(["orders-fr"]);
  });

  test("is one source in describe()", () => {
    expect(copying.describe()).toContain(
      "Source: KSTREAM-SOURCE-0000000000 (topics: orders-.*)\n      --> KSTREAM-SINK-0000000001",
    );
  });

  test("is known by its pattern, whatever matches", () => {
    expect(copying.subTopologies[0]?.identity).toBe("/orders-.*/|");
    expect(copying.graph().topics).toEqual([
      { name: "/orders-.*/", kind: "pattern" },
      { name: "out", kind: "external" },
    ]);
  });

  const regrouping = topology(
    "regrouping",
    orders.pipe(
      selectKey((value) => value),
      groupByKey(text),
      count({ store: "counts" }),
      toStream(),
      to(topic("out", { key: string(), value: long() })),
    ),
  );

  test("plans a task per partition of the greatest, and nothing while nothing matches", () => {
    const sizes = new Map([
      ["orders-de", 2],
      ["orders-fr", 3],
      ["out", 1],
    ]);
    const planned = planTopics(regrouping, "app", sizes, new Map(), ["orders-de", "orders-fr"]);
    expect(planned.tasks).toEqual([3, 3]);
    const waiting = planTopics(regrouping, "app", new Map([["out", 1]]));
    expect(waiting.tasks).toEqual([0, 0]);
    expect(waiting.internal).toEqual([]);
  });

  test("must find equally many partitions of each where state follows", () => {
    const counting = topology("counting", orders.pipe(groupByKey(), count({ store: "counts" })));
    const planned = (fr: number): unknown =>
      planTopics(
        counting,
        "app",
        new Map([
          ["orders-de", 2],
          ["orders-fr", fr],
        ]),
        new Map(),
        ["orders-de", "orders-fr"],
      ).tasks;
    expect(planned(2)).toEqual([2]);
    expect(() => planned(3)).toThrow(/lead to one store/);
  });

  test("takes a topic up in the test driver when it is piped into, and keeps its state", () => {
    const counts = topic("out", { key: string(), value: long() });
    const driver = new TestDriver(
      topology("counting", orders.pipe(groupByKey(), count({ store: "counts" }), toStream(), to(counts))),
    );
    expect(() => driver.pipeInput(texts("returns"), "k", "0", 0)).toThrow(/not a source topic/);
    driver.pipeInput(texts("orders-de"), "k", "1", 1);
    driver.pipeInput(texts("orders-fr"), "k", "2", 2);
    driver.pipeInput(texts("orders-de"), "k", "3", 3);
    expect(driver.readKeyValues(counts)).toEqual([
      ["k", 1],
      ["k", 2],
      ["k", 3],
    ]);
  });

  test("has as many tasks in the test driver as the greatest topic has partitions", () => {
    const driver = new TestDriver(copying, { partitions: { "orders-de": 2, "orders-fr": 3, out: 3 } });
    for (const partition of [0, 1, 2]) driver.pipeInput(texts("orders-fr"), "k", "1", { partition });
    driver.pipeInput(texts("orders-de"), "k", "2", { partition: 1 });
    expect(driver.readValues(out)).toEqual(["1", "1", "1", "2"]);
    expect(() => driver.pipeInput(texts("orders-de"), "k", "2", { partition: 2 })).toThrow(/none 2/);
  });

  test("may be one of two streams of the same pattern", () => {
    const driver = new TestDriver(topology("twice", orders.pipe(to(out)), orders.pipe(to(texts("other")))));
    driver.pipeInput(texts("orders-de"), "k", "1", 1);
    expect([driver.readValues(out), driver.readValues(texts("other"))]).toEqual([["1"], ["1"]]);
    const again = stream(/orders-.*/, text);
    const both = topology("both", orders.pipe(to(out)), again.pipe(to(texts("other"))));
    expect(both.subTopologies).toHaveLength(1);
    const different = stream(/orders-.*/, { key: string(), value: json<string>() });
    expect(() => topology("both", orders.pipe(to(out)), different.pipe(to(texts("other"))))).toThrow(
      /two different value serdes/,
    );
  });
});

describe("a pattern is refused", () => {
  test("that matches a topic which the topology names", () => {
    const orders = stream(/orders-.*/, text);
    expect(() => topology("t", orders.pipe(to(texts("orders-done"))))).toThrow(
      /matches "orders-done", which this topology writes to/,
    );
    expect(() => topology("t", orders.pipe(to(out)), table(texts("orders-de"), { store: "rows" }))).toThrow(
      /matches "orders-de", which this topology reads by its name/,
    );
  });

  test("that matches a topic which another one matches", () => {
    const both = topology(
      "t",
      stream(/orders-.*/, text).pipe(to(out)),
      stream(/.*-de/, text).pipe(to(texts("other"))),
    );
    expect(() => matchedBy(both, ["orders-de"])).toThrow(
      /"orders-de" matches two patterns, \/orders-\.\*\/ and \/\.\*-de\//,
    );
    expect(matchedBy(both, ["returns-de", "others", "orders-fr"])).toEqual(["orders-fr", "returns-de"]);
  });

  test("that remembers where it stopped", () => {
    expect(() => stream(/orders/g, text)).toThrow(/flag "g"/);
  });
});
