import { describe, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  type Clock,
  type KStream,
  mapAsync,
  mapValues,
  stream,
  string,
  to,
  topic,
  topology,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

/** A clock that knows which of its timers are still to fire. */
const watched = (clock: Clock, timers: Set<unknown>): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  random: () => clock.random(),
  setImmediate: (callback) => clock.setImmediate(callback),
  clearTimeout: (handle) => {
    timers.delete(handle);
    clock.clearTimeout(handle);
  },
  setTimeout: (callback, ms) => {
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      callback();
    }, ms);
    timers.add(timer);
    return timer;
  },
});

class TimedWorld extends World {
  readonly timers: Set<unknown> = new Set();

  run(
    operator: (words: KStream<string, string>) => KStream<string, string>,
    options: Partial<AppOptions> = {},
  ): Promise<App> {
    const process = this.cluster.process();
    const what = topology("t", stream(input).pipe(operator, to(output)));
    return this.running(what, { clock: watched(process, this.timers), ...options }, process);
  }
}

/** An application with a record whose call is answered by the test alone, and repeated when that refuses it. */
const calling = async (
  options: Partial<AppOptions> = {},
): Promise<{ readonly world: TimedWorld; readonly calls: ((error: Error) => void)[]; readonly app: App }> => {
  const world = new TimedWorld();
  const calls: ((error: Error) => void)[] = [];
  const app = await world.run(
    mapAsync(() => new Promise<string>((_, reject) => void calls.push(reject)), {
      concurrency: 1,
      retry: { attempts: 1_000, backoffMs: 10 },
    }),
    options,
  );
  world.cluster.pipe(input, "k", "v");
  return { world, calls, app };
};

describe("an application that has ended leaves no timer", () => {
  test("where it was stopped", async () => {
    const world = new TimedWorld();
    const app = await world.run(mapValues((value) => value));
    expect(world.timers.size).toBeGreaterThan(0);
    await world.clock.run(app.stop(), 60_000);
    expect(world.timers.size).toBe(0);
  });

  test("where it has asked all members to stop", async () => {
    const world = new TimedWorld();
    const app = await world.run(
      mapValues((): string => {
        throw new Error("no");
      }),
      { handlers: { uncaught: () => "stopApplication" } },
    );
    world.cluster.pipe(input, "k", "v");
    const failed = app.done().catch((error: unknown) => String(error));
    expect(await world.clock.run(failed, 60_000)).toMatch(/no/);
    expect(world.timers.size).toBe(0);
  });

  test("and calls nobody again whose answer comes too late", async () => {
    const { world, calls, app } = await calling();
    await world.clock.runFor(1_000);
    expect(calls).toHaveLength(1);
    await world.clock.run(app.stop({ timeoutMs: 500 }), 60_000);
    calls[0]?.(new Error("refused"));
    await world.clock.runFor(60_000);
    expect(calls).toHaveLength(1);
    expect(world.timers.size).toBe(0);
  });
});

test("a task that is another's by now does not repeat its calls", async () => {
  const { world, calls, app } = await calling({ maxStallMs: 2_000 });
  // After that it gives its tasks up, and only later joins again.
  await world.clock.runUntil(() => app.tasks.active.length === 0 && calls.length === 1, 30_000);
  expect(app.tasks.active).toEqual([]);
  calls[0]?.(new Error("refused"));
  await world.clock.runFor(500);
  expect(calls).toHaveLength(1);
  await world.clock.run(app.stop({ timeoutMs: 500 }), 60_000);
});
