import { expect, test } from "vitest";
import { World } from "../../../test/world.ts";
import {
  count,
  groupByKey,
  json,
  long,
  mapAsync,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../../index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const letters = topic("letters", { key: string(), value: string() });

/** A topology whose calls are ended by the test. */
class Calls {
  readonly begun: string[] = [];
  /** Calls of one value that were under way at the same time. */
  twice = 0;
  readonly #answers = new Map<string, (() => void)[]>();

  topology(): Topology {
    return topology("calls", stream(input).pipe(this.call, to(output)));
  }

  readonly call = mapAsync<string, string, string>(
    (value) => {
      this.begun.push(value);
      const waiting = this.#answers.get(value) ?? [];
      this.#answers.set(value, waiting);
      if (waiting.length > 0) this.twice++;
      return new Promise((resolve) => waiting.push(() => resolve(value)));
    },
    { concurrency: 4, value: string() },
  );

  end(...values: readonly string[]): void {
    for (const value of values) for (const answer of this.#answers.get(value)?.splice(0) ?? []) answer();
  }
}

/** A commit is under way that waits for the call of "slow", and there is a record behind it, so much later. */
const settling = async (world: World, calls: Calls, laterMs = 500): Promise<void> => {
  world.cluster.pipe(input, "slow", "slow");
  await world.until(() => calls.begun.includes("slow"));
  await world.clock.runFor(500);
  world.cluster.pipe(input, "next", "next", { timestamp: world.clock.now() - 500 + laterMs });
  expect(await world.until(() => calls.begun.includes("next"), 1_000)).toBe(true);
};

test("while a commit waits for a call, calls of later records begin; what comes of them is in the next", async () => {
  const world = new World();
  const calls = new Calls();
  const app = await world.running(calls.topology(), { commitIntervalMs: 100 });
  await settling(world, calls);
  calls.end("next");
  await world.clock.runFor(1_000);
  expect(world.values()).toEqual([]);
  calls.end("slow");
  expect(await world.until(() => world.values().length > 0)).toBe(true);
  expect(world.values()).toEqual(["slow"]);
  expect(await world.until(() => world.values().length > 1)).toBe(true);
  expect(world.values()).toEqual(["slow", "next"]);
  await world.clock.run(app.stop(), 60_000);
});

test("what was read ahead is done again by the next process where this one is killed, once", async () => {
  const world = new World();
  const calls = new Calls();
  const process = world.cluster.process();
  await world.running(calls.topology(), { commitIntervalMs: 100, sessionTimeoutMs: 6_000 }, process);
  await settling(world, calls);
  calls.end("next", "slow");
  expect(await world.until(() => world.values().length > 0)).toBe(true);
  process.kill();
  const again = new Calls();
  const app = await world.running(again.topology(), { commitIntervalMs: 100 });
  expect(await world.until(() => again.begun.length > 0)).toBe(true);
  expect(again.begun).toEqual(["next"]);
  again.end("next");
  expect(await world.until(() => world.values().length > 1)).toBe(true);
  expect(world.values()).toEqual(["slow", "next"]);
  await world.clock.run(app.stop(), 60_000);
});

test("the time of records that are read ahead closes no window of those before them", async () => {
  const world = new World();
  const calls = new Calls();
  const finals = topic("out", { key: windowed(string(), 1_000), value: long() });
  const counting = topology(
    "counting",
    stream(input).pipe(
      calls.call,
      groupByKey(),
      windowedBy(tumbling(1_000, { grace: 0 }), { emit: "finals" }),
      count({ store: "counts" }),
      toStream(),
      to(finals),
    ),
  );
  const app = await world.running(counting, { commitIntervalMs: 100 });
  await settling(world, calls, 5_000);
  calls.end("next", "slow");
  expect(await world.until(() => world.cluster.read(finals).length >= 1)).toBe(true);
  expect(app.metrics.late).toBe(0);
  expect(world.cluster.read(finals).map(({ key, value }) => [key.key, value])).toEqual([["slow", 1]]);
  await world.clock.run(app.stop(), 60_000);
});

test("a dead letter of what was read ahead is in the commit of its record, once", async () => {
  const world = new World();
  const calls = new Calls();
  const numbers = topic("in", { key: string(), value: json<string>() });
  const process = world.cluster.process();
  const reading = (): Topology => topology("calls", stream(numbers).pipe(calls.call, to(output)));
  const options = { commitIntervalMs: 100, sessionTimeoutMs: 6_000, deadLetterTopic: "letters" };
  await world.running(reading(), options, process);
  world.cluster.pipe(numbers, "slow", "slow");
  await world.until(() => calls.begun.includes("slow"));
  await world.clock.runFor(500);
  world.cluster.pipe(input, "bad", "{");
  world.cluster.pipe(numbers, "next", "next");
  expect(await world.until(() => calls.begun.includes("next"))).toBe(true);
  calls.end("slow");
  expect(await world.until(() => world.values().length > 0)).toBe(true);
  expect(world.cluster.read(letters)).toEqual([]);
  process.kill();
  const app = await world.running(reading(), options);
  expect(await world.until(() => calls.begun.filter((value) => value === "next").length > 1)).toBe(true);
  calls.end("next");
  expect(await world.until(() => world.values().length > 1)).toBe(true);
  expect(world.cluster.read(letters).map(({ value }) => value)).toEqual(["{"]);
  await world.clock.run(app.stop(), 60_000);
});

test("a task that is given away waits for the calls that it read ahead to, and begins no more of them", async () => {
  const world = new World({ partitions: 2 });
  const calls = new Calls();
  const options = { commitIntervalMs: 100 };
  const first = await world.running(calls.topology(), options);
  const values = Array.from({ length: 12 }, (_, n) => `v${n}`);
  for (const partition of [0, 1])
    world.cluster.pipe(input, `slow${partition}`, `slow${partition}`, { partition });
  await world.until(() => calls.begun.length === 2);
  await world.clock.runFor(500);
  for (const [n, value] of values.entries()) world.cluster.pipe(input, value, value, { partition: n % 2 });
  // Four at once of each task: three of each were read ahead.
  expect(await world.until(() => calls.begun.length === 8)).toBe(true);
  const second = world.app(calls.topology(), options);
  const joining = second.start();
  await world.clock.runFor(5_000);
  calls.end("slow0", "slow1");
  await world.clock.runFor(2_000);
  // The one that goes has begun nothing since, and waits; the one that stays goes on.
  expect(second.tasks.active).toEqual([]);
  for (let round = 0; round < 20; round++) {
    calls.end(...values);
    await world.clock.runFor(500);
  }
  await world.clock.run(joining, 60_000);
  expect(await world.until(() => world.values().length === 14)).toBe(true);
  expect([...world.values()].toSorted()).toEqual(["slow0", "slow1", ...values].toSorted());
  expect(calls.twice).toBe(0);
  expect(second.tasks.active).toHaveLength(1);
  await world.clock.run(Promise.all([first.stop(), second.stop()]), 60_000);
});

test("calls do not run dry between commits: with a database that takes its time, as many are answered as it can", async () => {
  const world = new World();
  const records = 4_000;
  const concurrency = 64;
  let asked = 0;
  // 20 ms, and every fiftieth 150 ms.
  const tookMs = (): number => (asked++ % 50 === 0 ? 150 : 20);
  const writing = topology(
    "writing",
    stream(input).pipe(
      mapAsync(
        (value) => new Promise<string>((resolve) => world.clock.setTimeout(() => resolve(value), tookMs())),
        { concurrency, value: string() },
      ),
      to(output),
    ),
  );
  for (let n = 0; n < records; n++) world.cluster.pipe(input, `k${n}`, "v");
  const app = await world.running(writing, { commitIntervalMs: 100 });
  const began = world.clock.monotonic();
  for (let waitedMs = 0; world.values().length < records && waitedMs < 60_000; waitedMs += 100)
    await world.clock.runFor(100);
  expect(world.values()).toHaveLength(records);
  const seconds = (world.clock.monotonic() - began) / 1_000;
  const possible = concurrency / (0.98 * 0.02 + 0.02 * 0.15);
  expect(records / seconds).toBeGreaterThan(0.85 * possible);
  await world.clock.run(app.stop(), 60_000);
});
