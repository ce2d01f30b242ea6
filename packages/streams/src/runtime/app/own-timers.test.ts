import { describe, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  type Clock,
  createApp,
  type KStream,
  mapAsync,
  mapValues,
  stream,
  string,
  to,
  topic,
  topology,
} from "../../index.ts";
import { simulatedCluster, type SimulatedCluster, VirtualClock } from "../../testing/index.ts";
import { silent } from "../settings/logger.ts";

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

class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly cluster: SimulatedCluster = simulatedCluster({ clock: this.clock });
  readonly timers: Set<unknown> = new Set();

  constructor() {
    for (const name of ["in", "out"]) this.cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  }

  async run(
    operator: (words: KStream<string, string>) => KStream<string, string>,
    options: Partial<AppOptions> = {},
  ): Promise<App> {
    const own = this.cluster.process();
    const app = createApp(topology("t", stream(input).pipe(operator, to(output))), {
      transport: this.cluster.transport(own),
      clock: watched(own, this.timers),
      log: silent,
      ...options,
    });
    await this.clock.run(app.start(), 60_000);
    return app;
  }
}

/** An application with a record whose call is answered by the test alone, and repeated when that refuses it. */
const calling = async (
  options: Partial<AppOptions> = {},
): Promise<{ readonly world: World; readonly calls: ((error: Error) => void)[]; readonly app: App }> => {
  const world = new World();
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
    const world = new World();
    const app = await world.run(mapValues((value) => value));
    expect(world.timers.size).toBeGreaterThan(0);
    await world.clock.run(app.stop(), 60_000);
    expect(world.timers.size).toBe(0);
  });

  test("where it has asked all members to stop", async () => {
    const world = new World();
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
