import { expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  groupByKey,
  long,
  merge,
  selectKey,
  stream,
  string,
  to,
  topic,
  type Topic,
  type Topology,
  topology,
  toStream,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const orders = stream(/orders-.*/, { key: string(), value: string() });

class MatchingWorld extends World {
  constructor() {
    super({ topics: [] });
  }

  override running(what: Topology, options: Partial<AppOptions> = {}): Promise<App> {
    return super.running(what, { metadataMaxAgeMs: 5_000, ...options });
  }

  override async end(): Promise<void> {
    for (const { failure } of this.apps) if (failure !== undefined) throw failure;
    await super.end();
  }

  counted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.cluster.read(counts).map(({ key, value }) => [key, value]));
  }
}

const counting = topology(
  "counting",
  orders.pipe(groupByKey(), count({ store: "counts" }), toStream(), to(counts)),
);

test("tasks that run take up a topic that comes, with their state, in every member", async () => {
  const world = new MatchingWorld();
  world.create("counts", 1);
  world.create("orders-de", 4);
  const apps = [await world.running(counting), await world.running(counting)];
  for (const key of ["a", "b", "c", "d", "e"]) world.cluster.pipe(texts("orders-de"), key, "");
  expect(await world.until(() => Object.keys(world.counted()).length === 5)).toBe(true);
  world.create("orders-fr", 4);
  for (const key of ["a", "b", "c", "d", "e"]) world.cluster.pipe(texts("orders-fr"), key, "");
  expect(await world.until(() => Object.values(world.counted()).every((counted) => counted === 2))).toBe(
    true,
  );
  for (const key of ["a", "c"]) world.cluster.pipe(texts("orders-de"), key, "");
  expect(await world.until(() => world.counted()["a"] === 3 && world.counted()["c"] === 3)).toBe(true);
  expect(world.counted()).toEqual({ a: 3, b: 2, c: 3, d: 2, e: 2 });
  expect(apps.flatMap(({ tasks: { active } }) => active).toSorted()).toEqual(["0_0", "0_1", "0_2", "0_3"]);
  await world.end();
});

test("a topic that comes is read from its beginning, also where the application started at the ends", async () => {
  const world = new MatchingWorld();
  world.create("counts", 1);
  world.create("orders-de", 1);
  world.cluster.pipe(texts("orders-de"), "before", "");
  await world.running(counting, { startFrom: "latest" });
  world.create("orders-fr", 1);
  world.cluster.pipe(texts("orders-fr"), "after", "");
  expect(await world.until(() => world.counted()["after"] === 1)).toBe(true);
  expect(world.counted()).toEqual({ after: 1 });
  await world.end();
});

test("a topic that is deleted is read no more, and the others go on", async () => {
  const world = new MatchingWorld();
  world.create("counts", 1);
  world.create("orders-de", 2);
  world.create("orders-fr", 2);
  const app = await world.running(counting);
  world.cluster.pipe(texts("orders-fr"), "a", "");
  expect(await world.until(() => world.counted()["a"] === 1)).toBe(true);
  world.cluster.brokers.deleteTopic("orders-fr");
  expect(await world.until(() => [...app.lag.keys()].every((name) => name.startsWith("orders-de")))).toBe(
    true,
  );
  expect(await world.until(() => app.state === "running")).toBe(true);
  world.cluster.pipe(texts("orders-de"), "a", "");
  expect(await world.until(() => world.counted()["a"] === 2)).toBe(true);
  await world.end();
});

test("an application that nothing matches yet waits, and makes what it needs when a topic comes", async () => {
  const world = new MatchingWorld();
  world.create("counts", 1);
  const app = await world.running(
    topology(
      "regrouping",
      orders.pipe(
        selectKey((value) => value),
        groupByKey({ key: string(), value: string() }),
        count({ store: "counts" }),
        toStream(),
        to(counts),
      ),
    ),
  );
  expect(app.tasks.active).toEqual([]);
  world.create("orders-de", 2);
  for (const value of ["x", "y", "x"]) world.cluster.pipe(texts("orders-de"), "k", value);
  expect(await world.until(() => world.counted()["x"] === 2 && world.counted()["y"] === 1)).toBe(true);
  await world.end();
});

test("a source that grows beside a greater one is read by the tasks that run already", async () => {
  const world = new MatchingWorld();
  world.create("out", 1);
  world.create("small", 1);
  world.create("great", 3);
  await world.running(
    topology("merging", stream(texts("small")).pipe(merge(stream(texts("great"))), to(texts("out")))),
  );
  world.cluster.brokers.addPartitions("small", 3);
  for (let n = 0; n < 12; n++) world.cluster.pipe(texts("small"), `key ${n}`, `${n}`);
  expect(await world.until(() => world.cluster.read(texts("out")).length === 12)).toBe(true);
  await world.end();
});
