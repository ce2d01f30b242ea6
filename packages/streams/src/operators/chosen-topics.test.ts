import { afterEach, beforeEach, expect, test } from "vitest";
import {
  json,
  type MillraceError,
  type Serde,
  type SerdeRole,
  type SinkTopic,
  stream,
  string,
  to,
  topic,
  type Topic,
  topology,
} from "../index.ts";
import { World } from "../../test/world.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const input = texts("in");

let world: World;
beforeEach(() => (world = new World({ topics: ["in", "a", "b"], partitions: 2 })));
afterEach(() => world.end());

/** A serde that tells what it prepares for, and writes nothing before that. */
const registering = (roles: SerdeRole[]): Serde<string> => {
  let started = false;
  return {
    ...string(),
    start: (role) => {
      started = true;
      roles.push(role);
      return Promise.resolve();
    },
    serialize: (value: string) => {
      if (!started) throw new Error("it was not started");
      return string().serialize(`registered ${value}`);
    },
  };
};

test("a partitioner that fails for a record that waited for its topic is told to the handler, and the others go on", async () => {
  const errors: MillraceError[] = [];
  const app = await world.running(
    topology(
      "t",
      stream(input).pipe(
        to(() => "a", {
          partitioner: (value) => {
            if (value === "bad") throw new Error("no partition");
            return value === "far" ? 7 : 0;
          },
        }),
      ),
    ),
    {
      handlers: {
        processing: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    },
  );
  for (const value of ["bad", "far", "good"]) world.cluster.pipe(input, "k", value);
  expect(await world.until(() => world.values("a").length === 1)).toBe(true);
  expect(world.values("a")).toEqual(["good"]);
  expect(errors.map(({ position, message }) => [position?.offset, message])).toEqual([
    [0, expect.stringMatching(/^"to" failed: no partition/)],
    [1, expect.stringMatching(/^"to" failed: the partitioner chose partition 7 of "a"/)],
  ]);
  expect(app.failure).toBeUndefined();
});

test("each record is written by the serdes of its own choice, also those that waited for one topic together", async () => {
  const quoted = topic("a", { key: string(), value: json<string>() });
  const roles: SerdeRole[] = [];
  const registered = topic("a", { key: string(), value: registering(roles) });
  const choices: Readonly<Record<string, SinkTopic<string, string>>> = {
    plain: texts("a"),
    quoted,
    registered,
  };
  await world.running(topology("t", stream(input).pipe(to((value) => choices[value] ?? texts("b")))));
  const values = ["plain", "quoted", "registered", "plain", "registered", "quoted"];
  for (const value of values) world.cluster.pipe(input, "k", value);
  expect(await world.until(() => world.values("a").length === values.length)).toBe(true);
  expect(world.values("a")).toEqual([
    "plain",
    '"quoted"',
    "registered registered",
    "plain",
    "registered registered",
    '"quoted"',
  ]);
  expect(roles).toHaveLength(1);
});

test("a topic that is made anew for each record is looked for once", async () => {
  const transport = world.cluster.transport();
  let looks = 0;
  const describeTopics = transport.describeTopics.bind(transport);
  transport.describeTopics = (names) => {
    if (names.includes("a")) looks++;
    return describeTopics(names);
  };
  const made = stream(input).pipe(to(() => topic("a", { key: string(), value: { ...string() } })));
  await world.running(topology("t", made), { transport });
  for (let at = 0; at < 50; at++) {
    world.cluster.pipe(input, "k", String(at));
    await world.clock.runFor(20);
  }
  expect(await world.until(() => world.values("a").length === 50)).toBe(true);
  expect(looks).toBe(1);
});

test("a topic that the topology names elsewhere has the serdes that write to it here prepare, too", async () => {
  const roles: SerdeRole[] = [];
  const own = topic("a", { key: string(), value: registering(roles) });
  const app = await world.running(
    topology("t", stream(input).pipe(to(() => own)), stream(texts("b")).pipe(to(texts("a")))),
  );
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => world.values("a").length === 1)).toBe(true);
  expect(world.values("a")).toEqual(["registered v"]);
  expect(roles).toEqual([{ topic: "a", part: "value", use: "sink" }]);
  expect(app.failure).toBeUndefined();
});

test("in a test driver, too, each serde prepares for the topics that it writes to", async () => {
  const one: SerdeRole[] = [];
  const other: SerdeRole[] = [];
  const byOne = topic("a", { key: string(), value: registering(one) });
  const byOther = topic("a", { key: string(), value: registering(other) });
  const driver = new TestDriver(
    topology("t", stream(input).pipe(to((value) => (value === "one" ? byOne : byOther)))),
  );
  for (const value of ["one", "other", "one"]) {
    driver.pipeInput(input, "k", value, 1);
    await driver.settle();
  }
  expect(driver.readValues(texts("a"))).toEqual(["registered one", "registered other", "registered one"]);
  expect([one.length, other.length]).toEqual([1, 1]);
});
