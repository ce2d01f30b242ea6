import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  createApp,
  mapValues,
  stream,
  string,
  to,
  topic,
  topology,
} from "../../index.ts";
import { simulatedCluster, type SimulatedCluster, VirtualClock } from "../../testing/index.ts";

const texts = { key: string(), value: string() };
const input = topic("in", texts);
const output = topic("out", texts);
const copy = topology(
  "copy",
  stream(input).pipe(
    mapValues((value) => {
      if (value === "bad") throw Object.create(null);
      return value;
    }),
    to(output),
  ),
);

let clock: VirtualClock;
let cluster: SimulatedCluster;
let apps: App[];

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  apps = [];
  for (const name of ["in", "out", "dead"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
});

afterEach(async () => {
  await clock.run(Promise.all(apps.map((app) => app.stop())), 60_000);
  cluster.close();
});

const appOf = (options: Partial<AppOptions> = {}): App => {
  const process = cluster.process();
  const app = createApp(copy, {
    transport: cluster.transport(process),
    clock: process,
    log: () => undefined,
    ...options,
  });
  apps.push(app);
  return app;
};
const copied = (): readonly string[] => cluster.read(output).map(({ value }) => value);

test("a log that throws changes nothing of what it is told of", async () => {
  const app = appOf({
    log: () => {
      throw new Error("the disk is full");
    },
  });
  await clock.run(app.start(), 60_000);
  cluster.pipe(input, "k", "v");
  expect(await clock.runUntil(() => copied().length === 1, 60_000)).toBe(true);
  await clock.run(app.stop(), 60_000);
  expect([app.state, app.failure]).toEqual(["stopped", undefined]);
});

test("a listener of states that throws is told of, and the others hear of the change all the same", async () => {
  const lines: string[] = [];
  const states: string[] = [];
  const taking: number[] = [];
  const app = appOf({ log: (_level, message) => void lines.push(message) });
  app.onState(() => {
    throw new Error("no listener");
  });
  app.onState((state) => {
    states.push(state);
    if (state === "running") taking.push(app.tasks.active.length);
  });
  await clock.run(app.start(), 60_000);
  cluster.pipe(input, "k", "v");
  expect(await clock.runUntil(() => copied().length === 1, 60_000)).toBe(true);
  await clock.run(app.stop(), 60_000);
  expect(states).toEqual(["rebalancing", "running", "pendingShutdown", "stopped"]);
  // And it is not running before it has the tasks that it was given.
  expect(taking).toEqual([1]);
  expect(lines).toContain("a listener of the application's state failed: no listener");
  expect(app.failure).toBeUndefined();
});

test("what is thrown without a text goes to the handler, with the record", async () => {
  const app = appOf({ deadLetterTopic: "dead", handlers: { processing: () => "deadLetter" } });
  await clock.run(app.start(), 60_000);
  for (const value of ["a", "bad", "b"]) cluster.pipe(input, "k", value);
  expect(await clock.runUntil(() => copied().length === 2, 60_000)).toBe(true);
  expect(cluster.read(topic("dead", texts)).map(({ value }) => value)).toEqual(["bad"]);
  expect(app.failure).toBeUndefined();
});

test("a time-out of stop() that is no number is refused, and the application goes on", async () => {
  const app = appOf();
  await clock.run(app.start(), 60_000);
  for (const timeoutMs of [Number.NaN, -1, "5" as never])
    await expect(app.stop({ timeoutMs })).rejects.toThrow(`timeoutMs of stop() is ${timeoutMs}`);
  cluster.pipe(input, "k", "v");
  expect(await clock.runUntil(() => copied().length === 1, 60_000)).toBe(true);
});

test("started a second time, or after its end, it rejects", async () => {
  const app = appOf();
  const started = app.start();
  await expect(app.start()).rejects.toThrow(/twice/);
  await clock.run(started, 60_000);
  await expect(app.start()).rejects.toThrow(/needs an application that is created/);
  await clock.run(app.stop(), 60_000);
  await expect(app.start()).rejects.toThrow(/this one is stopped/);
});

test("told to stop by the handler of what nobody caught, it ends with that", async () => {
  const app = appOf({
    handlers: {
      uncaught: () => {
        void app.stop();
        return "nonsense" as never;
      },
    },
  });
  await clock.run(app.start(), 60_000);
  cluster.pipe(input, "k", "bad");
  await expect(clock.run(app.done(), 60_000)).rejects.toMatchObject({ code: "PROCESSING" });
  await clock.run(app.stop(), 60_000);
});
