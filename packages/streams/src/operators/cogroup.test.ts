import { describe, expect, test } from "vitest";
import {
  aggregate,
  cogroup,
  count,
  groupBy,
  groupByKey,
  keyValueStore,
  type KGroupedStream,
  noGrace,
  nullable,
  sessions,
  sessionWindowed,
  type Stage,
  stream,
  string,
  to,
  topic,
  type Topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const out = topic("out", { key: string(), value: nullable(string()) });
const clicks = (): KGroupedStream<string, string> => stream(texts("clicks")).pipe(groupByKey());
const views = (): KGroupedStream<string, string> => stream(texts("views")).pipe(groupByKey());
const click = (sum: string, value: string): string => `${sum}+${value}`;
const view = (sum: string, value: string): string => `${sum}~${value}`;
const store = { store: "both", value: string(), init: () => "0" };

const plain = topology(
  "plain",
  clicks().pipe(cogroup(click), cogroup(views(), view), aggregate(store), toStream(), to(out)),
);

const seen = (driver: TestDriver): readonly string[] =>
  driver.readOutput(out).map(({ key, value, timestamp }) => `${key}=${value}@${timestamp}`);

describe("a cogroup", () => {
  test("makes one value per key of several streams, each with a function of its own", () => {
    const driver = new TestDriver(plain);
    driver.pipeInput(texts("clicks"), "a", "1", 5);
    driver.pipeInput(texts("views"), "a", "2", 3);
    driver.pipeInput(texts("views"), "b", "3", 7);
    expect(seen(driver)).toEqual(["a=0+1@5", "a=0+1~2@5", "b=0~3@7"]);
    expect(driver.store(keyValueStore("both", { key: string(), value: string() })).get("a")).toBe("0+1~2");
  });

  test("deletes the row where one of its functions answers null, and begins anew after that", () => {
    const driver = new TestDriver(
      topology(
        "deleting",
        clicks().pipe(
          cogroup(click),
          cogroup(views(), () => null),
          aggregate(store),
          toStream(),
          to(out),
        ),
      ),
    );
    driver.pipeInput(texts("clicks"), "a", "1", 5);
    driver.pipeInput(texts("views"), "a", "", 6);
    driver.pipeInput(texts("clicks"), "a", "2", 7);
    expect(seen(driver)).toEqual(["a=0+1@5", "a=null@6", "a=0+2@7"]);
  });

  test("drops null keys and null values, and counts them", () => {
    const nulls = topic("clicks", { key: nullable(string()), value: nullable(string()) });
    const driver = new TestDriver(
      topology(
        "nulls",
        stream(nulls).pipe(
          groupByKey(),
          cogroup((sum: string, value) => `${sum}${value}`),
          aggregate(store),
          toStream(),
          to(out),
        ),
      ),
    );
    driver.pipeInput(nulls, null, "1", 5);
    driver.pipeInput(nulls, "a", null, 6);
    expect(seen(driver)).toEqual([]);
    expect(driver.metrics.nullKeys).toBe(2);
  });

  test("takes one group twice, for two functions", () => {
    const group = clicks();
    const driver = new TestDriver(
      topology(
        "twice",
        group.pipe(cogroup(click), cogroup(group, view), aggregate(store), toStream(), to(out)),
      ),
    );
    driver.pipeInput(texts("clicks"), "a", "1", 5);
    expect(driver.store(keyValueStore("both", { key: string(), value: string() })).get("a")).toBe("0+1~1");
  });

  test("sends what has another key through a repartition topic, under a name of each group", () => {
    const byValue = (name: string): KGroupedStream<string, string> =>
      stream(texts(name)).pipe(groupBy((value) => value, { name: `${name}-by-value`, key: string() }));
    const made = topology(
      "again",
      byValue("clicks").pipe(
        cogroup(click),
        cogroup(byValue("views"), view),
        aggregate(store),
        toStream(),
        to(out),
      ),
    );
    const driver = new TestDriver(made);
    driver.pipeInput(texts("clicks"), "a", "x", 5);
    driver.pipeInput(texts("views"), "b", "x", 6);
    expect(seen(driver)).toEqual(["x=0+x@5", "x=0+x~x@6"]);
    const topics = new Set(driver.produced.map(({ topic: name }) => name));
    expect([...topics].filter((name) => name.endsWith("-repartition"))).toEqual([
      "again-clicks-by-value-repartition",
      "again-views-by-value-repartition",
    ]);
    // Both, and what reads them, meet in one.
    expect(made.subTopologies).toHaveLength(3);
  });

  test("aggregates by window, and by session", () => {
    const byWindow = topic("out", { key: windowed(string(), 10), value: string() });
    const bySession = topic("sessions", { key: sessionWindowed(string()), value: string() });
    const groups = clicks().pipe(cogroup(click), cogroup(views(), view));
    const driver = new TestDriver(
      topology(
        "windows",
        groups.pipe(
          windowedBy(tumbling(10, noGrace), { emit: "finals" }),
          aggregate(store),
          toStream(),
          to(byWindow),
        ),
        groups.pipe(
          windowedBy(sessions(10, noGrace), { emit: "finals" }),
          aggregate({ ...store, store: "by-session", merge: (older, newer) => `${older}|${newer}` }),
          toStream(),
          to(bySession),
        ),
      ),
    );
    driver.pipeInput(texts("clicks"), "a", "1", 5);
    driver.pipeInput(texts("views"), "a", "2", 12);
    driver.pipeInput(texts("clicks"), "b", "3", 40);
    expect(driver.readOutput(byWindow).map(({ key, value }) => `${key.start}=${value}`)).toEqual([
      "0=0+1",
      "10=0~2",
    ]);
    expect(driver.readOutput(bySession).map(({ key, value }) => `${key.start}-${key.end}=${value}`)).toEqual([
      "5-12=0|0+1~2",
    ]);
  });

  test("is described as one processor per group and one that unites them", () => {
    expect(plain.describe()).toContain("COGROUPKSTREAM-AGGREGATE-0000000002 (stores: [both])");
    expect(plain.describe()).toContain("COGROUPKSTREAM-MERGE-");
  });
});

const untyped = (stage: unknown): Stage<"KGroupedStream", string, string> =>
  stage as Stage<"KGroupedStream", string, string>;

describe("is refused", () => {
  test("a cogroup that is counted, and an aggregate without add() of what is none", () => {
    expect(() => untyped(clicks().pipe(cogroup(click))).pipe(count({ store: "counts" }))).toThrow(
      /count\(\) of the store "counts" is given a cogroup.*end it in aggregate/,
    );
    expect(() => clicks().pipe(aggregate(store as never))).toThrow(/"both" has no add\(\)/);
  });

  test("a cogroup whose key has no serde", () => {
    expect(() =>
      stream(texts("clicks")).pipe(
        groupBy((value) => value, { key: undefined as never }),
        cogroup(click),
        aggregate(store),
      ),
    ).toThrow(/key/);
  });
});
