import { expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  globalTable,
  json,
  leftJoin,
  stream,
  string,
  to,
  topic,
  topology,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

const input = topic("in", { key: string(), value: string() });
const places = topic("places", { key: string(), value: json<string>() });

const placed = topology(
  "placed",
  stream(input).pipe(
    leftJoin(globalTable(places, { store: "places" }), (value, place) => `${value}:${place}`, {
      on: (value) => value,
    }),
    to(topic("out", { key: string(), value: string() })),
  ),
);

class GlobalWorld extends World {
  constructor() {
    super({ topics: [] });
    this.create("in", 2);
    this.create("places", 3);
    this.create("out", 1);
  }

  run(options: Partial<AppOptions> = {}): Promise<App> {
    return this.running(placed, options);
  }

  async outputs(count: number): Promise<readonly string[]> {
    await this.until(() => this.values().length >= count, 30_000);
    return this.values().toSorted();
  }
}

test("every member has all partitions of a global table before it takes a record, and is kept up with it", async () => {
  const world = new GlobalWorld();
  for (let n = 0; n < 300; n++) world.cluster.pipe(places, `p${n}`, `place ${n}`);
  for (let n = 0; n < 300; n++) world.cluster.pipe(input, `k${n}`, `p${n}`);
  await world.run();
  await world.run();
  expect(await world.outputs(300)).toEqual(
    Array.from({ length: 300 }, (_, n) => `p${n}:place ${n}`).toSorted(),
  );
  world.cluster.pipe(places, "new", "somewhere");
  await world.clock.runUntil(() => false, 2_000);
  for (let n = 0; n < 20; n++) world.cluster.pipe(input, `k${n}`, "new");
  const after = await world.outputs(320);
  expect(after.filter((value) => value === "new:somewhere")).toHaveLength(20);
  await world.end();
});

test("a record that can't be read is left out of a global table where the handler says so, else it ends the application", async () => {
  const world = new GlobalWorld();
  world.cluster.pipe(topic("places", { key: string(), value: string() }), "p", "no JSON");
  world.cluster.pipe(places, "q", "place");
  world.cluster.pipe(input, "k", "q");
  const app = await world.run({ handlers: { deserialization: () => "skip" } });
  expect(await world.outputs(1)).toEqual(["q:place"]);
  expect(app.metrics.skipped).toBe(1);
  await world.clock.run(app.stop(), 60_000);
  await expect(world.run()).rejects.toThrow(/places-\d offset 0/);
});

test("a global table's topic must exist", async () => {
  const world = new World({ topics: ["in", "out"] });
  await expect(world.running(placed)).rejects.toThrow(/"places" does not exist/);
});

test("partitions that are added to a global table's topic are read, and one that was made anew leaves no row of the old", async () => {
  const world = new GlobalWorld();
  world.cluster.pipe(places, "old", "here");
  const app = await world.run({ metadataMaxAgeMs: 1_000 });
  world.cluster.brokers.addPartitions("places", 7);
  const keys = Array.from({ length: 40 }, (_, n) => `p${n}`);
  for (const key of keys) world.cluster.pipe(places, key, "there");
  await world.clock.runFor(5_000);
  for (const key of [...keys, "old"]) world.cluster.pipe(input, key, key);
  expect(await world.outputs(41)).toEqual(["old:here", ...keys.map((key) => `${key}:there`)].toSorted());
  world.cluster.brokers.deleteTopic("places");
  world.create("places", 2);
  for (const key of keys.slice(20)) world.cluster.pipe(places, key, "anew");
  await world.clock.runFor(10_000);
  for (const key of keys) world.cluster.pipe(input, key, key);
  const after = await world.outputs(81);
  expect(after.filter((value) => value.endsWith(":null"))).toHaveLength(20);
  expect(after.filter((value) => value.endsWith(":anew"))).toHaveLength(20);
  expect(app.state).toBe("running");
  await world.end();
});
