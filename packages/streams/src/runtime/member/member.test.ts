import { expect, test } from "vitest";
import {
  type AppOptions,
  count,
  groupByKey,
  long,
  mapAsync,
  mapValues,
  process as processWith,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });

const copying = topology("copy", stream(input).pipe(to(output)));

test("a call that hangs is told of, with its record, and then the member gives its tasks up to others", async () => {
  const world = new World();
  let hangs = true;
  const asking = topology(
    "asking",
    stream(input).pipe(
      mapAsync((value) => (value === "hang" && hangs ? new Promise<string>(() => undefined) : value), {
        concurrency: 4,
        value: string(),
      }),
      to(output),
    ),
  );
  const options = { maxStallMs: 20_000, sessionTimeoutMs: 10_000 };
  const first = await world.running(asking, options);
  for (const value of ["a", "hang", "b"]) world.cluster.pipe(input, value, value);
  expect(await world.until(() => first.metrics.stalls > 0)).toBe(true);
  expect(world.warned(/has waited \d+ ms for mapAsync on in-0 offset 1/)).toBeDefined();
  hangs = false;
  const second = await world.running(asking, options);
  expect(await world.until(() => world.values().length === 3)).toBe(true);
  expect([...world.values()].toSorted()).toEqual(["a", "b", "hang"]);
  await world.clock.run(Promise.all([first.stop(), second.stop()]), 60_000);
});

test("an operator that takes 20 ms a record holds up neither commits nor membership", async () => {
  const world = new World({ partitions: 6 });
  const process = world.cluster.process();
  const slow = topology(
    "slow",
    stream(input).pipe(
      mapValues((value) => {
        process.freeze(20);
        return value;
      }),
      to(output),
    ),
  );
  const app = await world.running(slow, { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 2_000 }, process);
  for (let n = 0; n < 600; n++) world.cluster.pipe(input, `k${n}`, `v${n}`, { partition: n % 6 });
  const begun = world.clock.monotonic();
  expect(await world.until(() => world.values().length === 600, 30_000)).toBe(true);
  const seconds = (world.clock.monotonic() - begun) / 1_000;
  // One every 100 ms is asked for; a commit costs some turns of 20 ms on the way.
  expect(app.metrics.commits / seconds).toBeGreaterThan(3);
  expect(app.metrics.rebalances).toBe(1);
  expect(app.metrics.troubles).toBe(0);
  await world.clock.run(app.stop(), 60_000);
});

test("what a punctuation forwards is committed though no record comes", async () => {
  const world = new World();
  const ticking = topology(
    "ticking",
    stream(input).pipe(
      processWith({
        name: "tick",
        key: string(),
        value: string(),
        create: (context) => {
          context.schedule(1_000, "wallClock", (timestamp) =>
            context.forward({ key: "tick", value: "tock", timestamp, headers: [] }),
          );
          return () => undefined;
        },
      }),
      to(output),
    ),
  );
  const app = await world.running(ticking);
  expect(await world.until(() => world.values().length >= 3, 5_000)).toBe(true);
  await world.clock.run(app.stop(), 60_000);
});

test("a transaction that is lost restores nothing, counts nothing twice and loses nothing", async () => {
  const world = new World();
  const counting = topology(
    "counting",
    stream(input).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(counts)),
  );
  const process = world.cluster.process();
  const transport = world.cluster.transport(process);
  const app = await world.running(counting, { transport }, process);
  for (let n = 0; n < 100; n++) world.cluster.pipe(input, `k${n % 10}`, "v");
  await world.until(() => world.cluster.read(counts).length >= 10);
  for (let round = 0; round < 10; round++) {
    const { commits } = app.metrics;
    for (let n = 0; n < 100; n++) world.cluster.pipe(input, `k${n % 10}`, "v");
    await world.until(() => app.metrics.commits > commits);
    for (let n = 0; n < 100; n++) world.cluster.pipe(input, `k${n % 10}`, "v");
    // Somewhere between the beginning of the next commit and its end.
    await world.clock.runFor(98 + 2 * round);
    transport.break();
    await world.clock.runFor(20);
    transport.mend();
    await world.clock.runFor(3_000);
  }
  expect(app.metrics.troubles).toBeGreaterThan(0);
  expect(app.metrics.restored).toBe(0);
  const last = new Map(world.cluster.read(counts).map(({ key, value }) => [key, value]));
  expect([...last.values()]).toEqual(Array.from({ length: 10 }, () => 210));
  await world.clock.run(app.stop(), 60_000);
});

test("a window of an idle input waits for the records that are still in mapAsync", async () => {
  const world = new World();
  const finals = topic("out", { key: windowed(string(), 1_000), value: long() });
  let answer: (() => void) | undefined;
  const closing = topology(
    "closing",
    stream(input).pipe(
      mapAsync(
        (value) => (value === "late" ? new Promise<string>((r) => (answer = () => r(value))) : value),
        {
          concurrency: 4,
          value: string(),
        },
      ),
      groupByKey(),
      windowedBy(tumbling(1_000, { grace: 0 }), { emit: "finals", closeOnIdle: 2_000 }),
      count({ store: "counts" }),
      toStream(),
      to(finals),
    ),
  );
  const app = await world.running(closing, { commitIntervalMs: 50 });
  const timestamp = world.clock.now();
  world.cluster.pipe(input, "k", "early", { timestamp });
  world.cluster.pipe(input, "k", "late", { timestamp });
  await world.until(() => answer !== undefined);
  await world.clock.runFor(10_000);
  expect(world.cluster.read(finals)).toHaveLength(0);
  answer?.();
  expect(await world.until(() => world.cluster.read(finals).length > 0)).toBe(true);
  expect(world.cluster.read(finals).map(({ value }) => value)).toEqual([2]);
  expect(app.metrics.late).toBe(0);
  await world.clock.run(app.stop(), 60_000);
});

test("the lag is counted from the end of the log, whatever has been fetched", async () => {
  const world = new World();
  const stuck = topology(
    "stuck",
    stream(input).pipe(
      mapAsync(() => new Promise<string>(() => undefined), { concurrency: 1, value: string() }),
      to(output),
    ),
  );
  const app = await world.running(stuck, { maxFetchBytesPerPartition: 1_000 });
  for (let n = 0; n < 5_000; n++) world.cluster.pipe(input, "k", `v${n}`);
  await world.clock.runFor(5_000);
  expect(app.lag.get("in-0")).toBeGreaterThan(4_900);
  await world.clock.run(app.stop({ timeoutMs: 100 }), 60_000);
});

test("told to stop while its first join waits for others, it stops in time and leaves", async () => {
  const world = new World();
  const holder = await world.running(copying, { sessionTimeoutMs: 30_000 });
  void holder;
  const app = world.app(copying, { sessionTimeoutMs: 30_000 });
  const starting = app.start().then(
    () => "started",
    (error: unknown) => String(error),
  );
  await world.clock.runFor(15);
  const begun = world.clock.monotonic();
  await world.clock.run(app.stop({ timeoutMs: 200 }), 10_000);
  expect(world.clock.monotonic() - begun).toBeLessThan(1_000);
  expect(await world.clock.run(starting)).toMatch(/told to stop|started/);
  expect(app.state).toBe("stopped");
  await world.clock.run(holder.stop(), 60_000);
});

test("start() resolves when it is a member, and `running` says that its tasks take records", async () => {
  const world = new World();
  const app = world.app(copying);
  const starting = app.start();
  await world.clock.run(starting, 60_000);
  expect(await world.until(() => app.tasks.active.length === 1)).toBe(true);
  expect(app.state).toBe("running");
  expect(app.tasks).toEqual({ active: ["0_0"], restoring: [], standby: [] });
  await world.clock.run(app.stop(), 60_000);
});

test("retention that passes a member that lags is told of, and it goes on with what is left", async () => {
  const world = new World();
  const gate = { closed: true };
  const waiting = topology(
    "waiting",
    stream(input).pipe(
      mapAsync(
        async (value) => {
          while (gate.closed) await new Promise<void>((resolve) => world.clock.setTimeout(resolve, 100));
          return value;
        },
        { concurrency: 1, value: string() },
      ),
      to(output),
    ),
  );
  const app = await world.running(waiting, { maxFetchBytesPerPartition: 500 });
  for (let n = 0; n < 1_000; n++) world.cluster.pipe(input, "k", `v${n}`);
  await world.clock.runFor(2_000);
  world.cluster.brokers.log("in", 0).deleteBefore(900);
  gate.closed = false;
  expect(await world.until(() => world.values().includes("v999"))).toBe(true);
  expect(app.state).toBe("running");
  expect(
    world.lines.some(({ message }) => /records of in-0 were deleted before they were read/.test(message)),
  ).toBe(true);
  await world.clock.run(app.stop(), 60_000);
});

test("a record that the handler wants to try again is tried again, in order, and nothing is doubled", async () => {
  const world = new World();
  let failures = 3;
  const attempts: number[] = [];
  const failing = topology(
    "failing",
    stream(input).pipe(
      mapValues((value) => {
        if (value === "b" && failures > 0) {
          failures--;
          throw new Error("not yet");
        }
        return value;
      }),
      to(output),
    ),
  );
  const app = await world.running(failing, {
    handlers: {
      processing: (_, attempt) => {
        attempts.push(attempt);
        return "retry";
      },
    },
  });
  for (const value of ["a", "b", "c"]) world.cluster.pipe(input, "k", value);
  expect(await world.until(() => world.values().length === 3)).toBe(true);
  expect(world.values()).toEqual(["a", "b", "c"]);
  expect(attempts).toEqual([0, 1, 2]);
  await world.clock.run(app.stop(), 60_000);
});

test("a member that is to be replaced begins again, and the application goes on", async () => {
  const world = new World();
  let failures = 1;
  const failing = topology(
    "replaced",
    stream(input).pipe(
      mapValues((value) => {
        if (failures-- > 0) throw new Error("once");
        return value;
      }),
      to(output),
    ),
  );
  const app = await world.running(failing, { handlers: { uncaught: () => "replaceMember" } });
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => world.values().length === 1)).toBe(true);
  expect(app.failure).toBeUndefined();
  await world.clock.run(app.stop(), 60_000);
});

test("a member that fails can stop all of the application's", async () => {
  const world = new World({ partitions: 2 });
  const failing = topology(
    "all-stop",
    stream(input).pipe(
      mapValues((value): string => {
        throw new Error(`no way with ${value}`);
      }),
      to(output),
    ),
  );
  const options: Partial<AppOptions> = { handlers: { uncaught: () => "stopApplication" } };
  const apps = [await world.running(failing, options), await world.running(failing, options)];
  await world.until(() => apps.every(({ tasks }) => tasks.active.length === 1));
  world.cluster.pipe(input, "k", "v");
  expect(await world.until(() => apps.every(({ state }) => state === "error"))).toBe(true);
  expect(apps.map(({ failure }) => String(failure?.message)).toSorted()).toEqual([
    expect.stringMatching(/^"mapValues" failed: no way with v/),
    expect.stringMatching(/has failed and asked all to stop: .*no way with v/),
  ]);
});

test("what is under way when a record ends the application is not told of as something that is tried again", async () => {
  const world = new World();
  const failing = topology(
    "last-words",
    stream(input).pipe(
      mapValues((value): string => {
        if (value === "last") throw new Error("no way");
        return value;
      }),
      to(output),
    ),
  );
  const app = await world.running(failing, { commitIntervalMs: 1 });
  // At each millisecond a record, so that a commit is on its way whenever the last one is taken.
  for (let n = 0; n < 40; n++) {
    world.cluster.pipe(input, "k", n === 30 ? "last" : "v");
    await world.until(() => false, 1);
  }
  expect(await world.until(() => app.state === "error")).toBe(true);
  expect(world.lines.map(({ message }) => message).filter((line) => /starting over/.test(line))).toEqual([]);
});

test("a record that a broker refuses goes to the production handler, with where it came from", async () => {
  const world = new World();
  world.cluster.createTopic({
    topic: "strict",
    partitions: 1,
    configs: { "message.timestamp.after.max.ms": "3600000" },
  });
  const strict = topic("strict", { key: string(), value: string() });
  const ahead = topology("ahead", stream(input).pipe(to(strict)));
  const refused: unknown[] = [];
  const app = await world.running(ahead, {
    deadLetterTopic: "letters",
    handlers: {
      production: (error) => {
        refused.push(error.position);
        return "deadLetter";
      },
    },
  });
  world.cluster.pipe(input, "k", "fine");
  world.cluster.pipe(input, "k", "tomorrow", { timestamp: world.clock.now() + 86_400_000 });
  world.cluster.pipe(input, "k", "fine, too");
  expect(await world.until(() => world.cluster.read(strict).length === 2)).toBe(true);
  expect(refused).toEqual([{ topic: "in", partition: 0, offset: 1 }]);
  expect(
    world.cluster.read(topic("letters", { key: string(), value: string() })).map(({ value }) => value),
  ).toEqual(["tomorrow"]);
  await world.clock.run(app.stop(), 60_000);
});

test("an event time that is no number stops nothing, and vanishes nowhere", async () => {
  const world = new World();
  const dated = topic("in", {
    key: string(),
    value: string(),
    timestamp: ({ value }) => (value === "undated" ? Number.NaN : 1_000),
  });
  const app = await world.running(topology("dated", stream(dated).pipe(to(output))), {
    deadLetterTopic: "letters",
  });
  for (const value of ["a", "undated", "b"]) world.cluster.pipe(input, "k", value);
  expect(await world.until(() => world.values().length === 2)).toBe(true);
  expect(app.metrics.deadLettered.get("INVALID_TIMESTAMP")).toBe(1);
  await world.clock.run(app.stop(), 60_000);
});

test("a record whose own time is in another unit is dead-lettered, and moves no window", async () => {
  const world = new World();
  const nanoseconds = 1_767_225_600_000_000_000;
  const counting = topology(
    "counting",
    stream(input).pipe(
      groupByKey(),
      windowedBy(tumbling(1_000, { grace: 0 })),
      count({ store: "counts" }),
      toStream((_, { key }) => key, { key: string() }),
      to(counts),
    ),
  );
  const app = await world.running(counting, { deadLetterTopic: "letters" });
  world.cluster.pipe(input, "k", "a", { timestamp: 5_000 });
  world.cluster.pipe(input, "k", "beyond", { timestamp: nanoseconds });
  world.cluster.pipe(input, "k", "b", { timestamp: 5_001 });
  expect(await world.until(() => world.cluster.read(counts).at(-1)?.value === 2)).toBe(true);
  expect(app.metrics.deadLettered.get("INVALID_TIMESTAMP")).toBe(1);
  expect(world.cluster.read(topic("letters", { key: string(), value: string() }))).toMatchObject([
    { value: "beyond" },
  ]);
  await world.clock.run(app.stop(), 60_000);
});

test("tasks that are lost with membership are named in a warning", async () => {
  const world = new World();
  const process = world.cluster.process();
  const app = await world.running(copying, { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 2_000 }, process);
  await world.until(() => app.state === "running");
  process.freeze(60_000);
  await world.clock.runFor(70_000);
  expect(await world.until(() => world.warned(/0_0/) !== undefined)).toBe(true);
  expect(await world.until(() => app.state === "running")).toBe(true);
  await world.clock.run(app.stop(), 60_000);
});
