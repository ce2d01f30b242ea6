import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  createApp,
  groupByKey,
  json,
  type MillraceError,
  type Serde,
  stream,
  string,
  to,
  topic,
  type Topic,
  topology,
  toStream,
} from "../index.ts";
import { simulatedCluster, type SimulatedCluster, TestDriver, VirtualClock } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const input = texts("in");
/** Each to the topic that its value names. */
const routing = topology("routing", stream(input).pipe(to((value) => `out-${value.split(" ", 1)[0]}`)));

const byCountry = (value: string): string => value;
const described = (...options: Parameters<typeof to<string, string>>): string =>
  topology("t", stream(input).pipe(to(...options))).describe();

describe("a topic that is chosen by record", () => {
  test("has the serdes of the stream where only its name is chosen, or those that are given", () => {
    const driver = new TestDriver(
      topology(
        "t",
        stream(input).pipe(to((value) => value)),
        stream(input).pipe(to((_value, key) => `numbers-${key}`, { value: json<string>() })),
      ),
    );
    driver.pipeInput(input, "k", "a", 1);
    expect(driver.readKeyValues(texts("a"))).toEqual([["k", "a"]]);
    expect(driver.readValues(texts("numbers-k"))).toEqual(['"a"']);
  });

  test("may be one with serdes of its own", () => {
    const plain = texts("plain");
    const quoted = topic("quoted", { key: string(), value: json<string>() });
    const driver = new TestDriver(
      topology("t", stream(input).pipe(to((value) => (value === "a" ? plain : quoted)))),
    );
    for (const value of ["a", "b"]) driver.pipeInput(input, "k", value, 1);
    expect(driver.readValues(plain)).toEqual(["a"]);
    expect(driver.readValues(quoted)).toEqual(["b"]);
  });

  test("is told in describe() by its function, or by the topics that are known", () => {
    expect(described(byCountry)).toContain("Sink: KSTREAM-SINK-0000000001 (extractor class: byCountry)");
    expect(described(byCountry, { topics: [texts("a"), texts("b")] })).toContain("(topics: [a, b])");
  });

  test("needs serdes", () => {
    const driver = new TestDriver(
      topology(
        "t",
        stream([input, topic("numbers", { key: string(), value: json<string>() })]).pipe(to(() => "out")),
      ),
    );
    expect(() => driver.pipeInput(input, "k", "a", 1)).toThrow(
      /the topic "out" that to\(\) chooses needs a value serde, but stream\(\) reads topics whose value serdes differ/,
    );
  });

  test("is no matter of a sink whose topic is given", () => {
    expect(() => stream(input).pipe(to(texts("out"), { key: string() }))).toThrow(/given the topic "out"/);
  });

  test("has its serdes prepare for it first", async () => {
    const roles: string[] = [];
    const registering: Serde<string> = {
      ...string(),
      start: ({ topic: name, part, use }) => {
        roles.push(`${use} ${part} ${name}`);
        return Promise.resolve();
      },
    };
    const driver = new TestDriver(
      topology("t", stream(input).pipe(to((value) => value, { value: registering }))),
    );
    for (const value of ["a", "b", "a"]) driver.pipeInput(input, "k", value, 1);
    await driver.settle();
    driver.pipeInput(input, "l", "a", 1);
    expect(roles).toEqual(["sink value a", "sink value b"]);
    expect(driver.readKeyValues(texts("a"))).toEqual([
      ["k", "a"],
      ["k", "a"],
      ["l", "a"],
    ]);
  });
});

describe("in an application, a topic that is chosen by record", () => {
  let clock: VirtualClock;
  let cluster: SimulatedCluster;
  let apps: App[];

  beforeEach(() => {
    clock = new VirtualClock();
    cluster = simulatedCluster({ clock });
    apps = [];
    for (const name of ["in", "out-a"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });
  });

  afterEach(async () => {
    await clock.run(Promise.all(apps.map((app) => app.stop())), 60_000);
    cluster.close();
  });

  const running = async (what = routing, options: Partial<AppOptions> = {}): Promise<App> => {
    const process = cluster.process();
    const app = createApp(what, {
      transport: cluster.transport(process),
      clock: process,
      log: () => undefined,
      ...options,
    });
    apps.push(app);
    await clock.run(app.start(), 60_000);
    return app;
  };
  const valuesOf = (name: string): readonly string[] => cluster.read(texts(name)).map(({ value }) => value);

  test("is found while it runs, and written to with the offsets", async () => {
    const app = await running();
    for (const value of ["a 1", "a 2", "a 3"]) cluster.pipe(input, "k", value);
    expect(await clock.runUntil(() => valuesOf("out-a").length === 3, 60_000)).toBe(true);
    expect(valuesOf("out-a")).toEqual(["a 1", "a 2", "a 3"]);
    cluster.createTopic({ topic: "out-b", partitions: 3, configs: {} });
    for (const value of ["b 1", "a 4", "b 2"]) cluster.pipe(input, "k", value);
    expect(
      await clock.runUntil(() => valuesOf("out-a").length + valuesOf("out-b").length === 6, 60_000),
    ).toBe(true);
    expect(valuesOf("out-b")).toEqual(["b 1", "b 2"]);
    expect(app.failure).toBeUndefined();
  });

  test("that does not exist is told to the production handler, within a deadline, and others go on", async () => {
    const errors: MillraceError[] = [];
    const app = await running(routing, {
      handlers: {
        production: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    });
    const began = clock.monotonic();
    for (const value of ["none 1", "a 1", "none 2"]) cluster.pipe(input, "k", value);
    expect(await clock.runUntil(() => errors.length === 2 && valuesOf("out-a").length === 1, 60_000)).toBe(
      true,
    );
    expect(clock.monotonic() - began).toBeLessThan(10_000);
    expect(errors.map(({ code, position, message }) => [code, position?.offset, message])).toEqual(
      [0, 2].map((offset) => [
        "MISSING_TOPIC",
        offset,
        expect.stringMatching(/"out-none" could not be sent: topic "out-none" does not exist; create it/),
      ]),
    );
    expect(app.failure).toBeUndefined();
    // What exists later is found later.
    cluster.createTopic({ topic: "out-none", partitions: 1, configs: {} });
    await clock.runFor(6_000);
    cluster.pipe(input, "k", "none 3");
    expect(await clock.runUntil(() => valuesOf("out-none").length === 1, 60_000)).toBe(true);
  });

  test("that does not exist stops the application where the handler does not say otherwise", async () => {
    const app = await running();
    cluster.pipe(input, "k", "none 1");
    expect(await clock.runUntil(() => app.failure !== undefined, 60_000)).toBe(true);
    expect(app.failure).toMatchObject({ code: "MISSING_TOPIC", position: { topic: "in" } });
    await expect(clock.run(app.done(), 60_000)).rejects.toThrow(/"out-none" does not exist/);
  });

  test("has the records of a flush, too, and is looked for again after its transaction was void", async () => {
    const counting = topology(
      "counting",
      stream(input).pipe(
        groupByKey(),
        count({ store: "c" }),
        toStream(),
        to((total) => (total > 1 ? "out-many" : "out-one"), { value: json<number>() }),
      ),
    );
    for (const name of ["out-one", "out-many"])
      cluster.createTopic({ topic: name, partitions: 1, configs: {} });
    const app = await running(counting, { commitIntervalMs: 50 });
    cluster.pipe(input, "k", "x");
    expect(await clock.runUntil(() => valuesOf("out-one").length === 1, 60_000)).toBe(true);
    cluster.brokers.deleteTopic("out-one");
    cluster.createTopic({ topic: "out-one", partitions: 1, configs: {} });
    cluster.pipe(input, "k", "y");
    cluster.pipe(input, "l", "y");
    expect(
      await clock.runUntil(
        () => valuesOf("out-many").length === 1 && valuesOf("out-one").length === 1,
        120_000,
      ),
    ).toBe(true);
    expect(app.failure).toBeUndefined();
  });
});
