import { afterEach, beforeEach, expect, test } from "vitest";
import { mapValues, process, stream, string, to, topic, topology } from "../../index.ts";
import { World } from "../../../test/world.ts";

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

let world: World;
beforeEach(() => (world = new World({ topics: ["in", "out", "dead"] })));
afterEach(() => world.end());

test("a log that throws changes nothing of what it is told of", async () => {
  const app = world.app(copy, {
    log: () => {
      throw new Error("the disk is full");
    },
  });
  await world.clock.run(app.start(), 60_000);
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => world.values().length === 1)).toBe(true);
  await world.clock.run(app.stop(), 60_000);
  expect([app.state, app.failure]).toEqual(["stopped", undefined]);
});

test("a listener of states that throws is told of, and the others hear of the change all the same", async () => {
  const lines: string[] = [];
  const states: string[] = [];
  const taking: number[] = [];
  const app = world.app(copy, { log: (_level, message) => void lines.push(message) });
  app.onState(() => {
    throw new Error("no listener");
  });
  app.onState((state) => {
    states.push(state);
    if (state === "running") taking.push(app.tasks.active.length);
  });
  await world.clock.run(app.start(), 60_000);
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => world.values().length === 1)).toBe(true);
  await world.clock.run(app.stop(), 60_000);
  expect(states).toEqual(["rebalancing", "running", "pendingShutdown", "stopped"]);
  // And it is not running before it has the tasks that it was given.
  expect(taking).toEqual([1]);
  expect(lines).toContain("a listener of the application's state failed: no listener");
  expect(app.failure).toBeUndefined();
});

test("what is thrown without a text goes to the handler, with the record", async () => {
  const app = world.app(copy, { deadLetterTopic: "dead", handlers: { processing: () => "deadLetter" } });
  await world.clock.run(app.start(), 60_000);
  for (const value of ["a", "bad", "b"]) world.cluster.pipe(input, "k", value);
  expect(await world.until(() => world.values().length === 2)).toBe(true);
  expect(world.values("dead")).toEqual(["bad"]);
  expect(app.failure).toBeUndefined();
});

test("a time-out of stop() that is no number is refused, and the application goes on", async () => {
  const app = await world.running(copy);
  for (const timeoutMs of [Number.NaN, -1, "5" as never])
    await expect(app.stop({ timeoutMs })).rejects.toThrow(`timeoutMs of stop() is ${timeoutMs}`);
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => world.values().length === 1)).toBe(true);
});

test("started a second time, or after its end, it rejects", async () => {
  const app = world.app(copy);
  const started = app.start();
  await expect(app.start()).rejects.toThrow(/twice/);
  await world.clock.run(started, 60_000);
  await expect(app.start()).rejects.toThrow(/needs an application that is created/);
  await world.clock.run(app.stop(), 60_000);
  await expect(app.start()).rejects.toThrow(/this one is stopped/);
});

test("told to stop by the handler of what nobody caught, it ends with that", async () => {
  const app = world.app(copy, {
    handlers: {
      uncaught: () => {
        void app.stop();
        return "nonsense" as never;
      },
    },
  });
  await world.clock.run(app.start(), 60_000);
  world.cluster.pipe(input, "k", "bad");
  await expect(world.clock.run(app.done(), 60_000)).rejects.toMatchObject({ code: "PROCESSING" });
  await world.clock.run(app.stop(), 60_000);
});

test("told to stop while it starts, it says that, and not what failed because of it", async () => {
  for (const afterMs of [0, 1, 10]) {
    const app = world.app(copy);
    const answer = app.start().catch((error: unknown) => error);
    await world.clock.run(
      new Promise<void>((resolve) => void world.clock.setTimeout(resolve, afterMs)),
      60_000,
    );
    await world.clock.run(app.stop(), 60_000);
    expect(await world.clock.run(answer, 60_000)).toMatchObject({ code: "STOPPED" });
    expect([app.state, app.failure]).toEqual(["stopped", undefined]);
  }
});

test("what can't be made for a task ends with the operator and the task", async () => {
  const failing = stream(input).pipe(
    process({
      name: "prices",
      create: () => {
        throw new RangeError("no prices");
      },
    }),
    to(output),
  );
  const app = world.app(topology("failing", failing));
  await world.clock.run(app.start(), 60_000);
  await expect(world.clock.run(app.done(), 60_000)).rejects.toMatchObject({
    code: "PROCESSING",
    message: 'process() "prices" could not be made for task 0_0: no prices',
  });
});
