import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  count,
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
import { World } from "../../test/world.ts";
import { TestDriver } from "../testing/index.ts";

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

  test("must be one: what is none goes to the handler, with the record", () => {
    for (const choice of [undefined, null, "", 5] as never[])
      expect(() =>
        new TestDriver(topology("t", stream(input).pipe(to(() => choice)))).pipeInput(input, "k", "v"),
      ).toThrow(`to() chose ${JSON.stringify(choice)}, which names no topic (at in-0 offset 0)`);
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
  let world: World;
  beforeEach(() => (world = new World({ topics: ["in", "out-a"], partitions: 2 })));
  afterEach(() => world.end());

  test("is found while it runs, and written to with the offsets", async () => {
    const app = await world.running(routing);
    for (const value of ["a 1", "a 2", "a 3"]) world.cluster.pipe(input, "k", value);
    expect(await world.until(() => world.values("out-a").length === 3)).toBe(true);
    expect(world.values("out-a")).toEqual(["a 1", "a 2", "a 3"]);
    world.create("out-b", 3);
    for (const value of ["b 1", "a 4", "b 2"]) world.cluster.pipe(input, "k", value);
    expect(
      await world.until(() => world.values("out-a").length + world.values("out-b").length === 6, 60_000),
    ).toBe(true);
    expect(world.values("out-b")).toEqual(["b 1", "b 2"]);
    expect(app.failure).toBeUndefined();
  });

  test("that does not exist is told to the production handler, within a deadline, and others go on", async () => {
    const errors: MillraceError[] = [];
    const app = await world.running(routing, {
      handlers: {
        production: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    });
    const began = world.clock.monotonic();
    for (const value of ["none 1", "a 1", "none 2"]) world.cluster.pipe(input, "k", value);
    expect(await world.until(() => errors.length === 2 && world.values("out-a").length === 1, 60_000)).toBe(
      true,
    );
    expect(world.clock.monotonic() - began).toBeLessThan(10_000);
    expect(errors.map(({ code, position, message }) => [code, position?.offset, message])).toEqual(
      [0, 2].map((offset) => [
        "MISSING_TOPIC",
        offset,
        expect.stringMatching(/"out-none" could not be sent: topic "out-none" does not exist; create it/),
      ]),
    );
    expect(app.failure).toBeUndefined();
    // What exists later is found later.
    world.create("out-none", 1);
    await world.clock.runFor(6_000);
    world.cluster.pipe(input, "k", "none 3");
    expect(await world.until(() => world.values("out-none").length === 1)).toBe(true);
  });

  test("that does not exist stops the application where the handler does not say otherwise", async () => {
    const app = await world.running(routing);
    world.cluster.pipe(input, "k", "none 1");
    expect(await world.until(() => app.failure !== undefined)).toBe(true);
    expect(app.failure).toMatchObject({ code: "MISSING_TOPIC", position: { topic: "in" } });
    await expect(world.clock.run(app.done(), 60_000)).rejects.toThrow(/"out-none" does not exist/);
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
    for (const name of ["out-one", "out-many"]) world.create(name, 1);
    const app = await world.running(counting, { commitIntervalMs: 50 });
    world.cluster.pipe(input, "k", "x");
    expect(await world.until(() => world.values("out-one").length === 1)).toBe(true);
    world.cluster.brokers.deleteTopic("out-one");
    world.create("out-one", 1);
    world.cluster.pipe(input, "k", "y");
    world.cluster.pipe(input, "l", "y");
    expect(
      await world.until(
        () => world.values("out-many").length === 1 && world.values("out-one").length === 1,
        120_000,
      ),
    ).toBe(true);
    expect(app.failure).toBeUndefined();
  });
});
