import { assert, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  createApp,
  groupByKey,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "../../index.ts";
import { simulatedCluster, VirtualClock } from "../../testing/index.ts";
import type { SimulatedProcess } from "../../testing/simulated-cluster/simulated-process.ts";

const input = topic("in", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });

const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "by-key" }), toStream(), to(counts)),
);

interface Running {
  readonly process: SimulatedProcess;
  readonly app: App;
}

/** A cluster with the topics, records, and members that come and go. */
class World {
  readonly clock = new VirtualClock();
  /** The answer to the next commit gets lost. */
  losesCommit = false;
  readonly cluster = simulatedCluster({
    clock: this.clock,
    weather: (_, request) => {
      const lost = this.losesCommit && request === "EndTxn(commit)";
      if (lost) this.losesCommit = false;
      return { thereMs: 1, backMs: 1, lost: lost ? "answer" : "no" };
    },
  });
  readonly lines: string[] = [];
  #written = 0;

  constructor(partitions = 4) {
    for (const name of ["in", "counts"]) this.cluster.createTopic({ topic: name, partitions, configs: {} });
  }

  /** Writes records, each with a key of its own. */
  write(records: number): void {
    for (let at = 0; at < records; at++) this.cluster.pipe(input, `key-${this.#written++}`, "v");
  }

  async join(name: string, options: Partial<AppOptions> = {}): Promise<Running> {
    const process = this.cluster.process(name);
    const app = createApp(counting, {
      transport: this.cluster.transport(process),
      clock: process,
      standbyReplicas: 1,
      acceptableRecoveryLag: 20,
      probingRebalanceIntervalMs: 5_000,
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 1_000,
      log: (_, message) => void this.lines.push(`${name}: ${message}`),
      ...options,
    });
    await this.clock.run(app.start(), 60_000);
    return { process, app };
  }

  until(done: () => boolean, withinMs = 60_000): Promise<boolean> {
    return this.clock.runUntil(done, withinMs);
  }

  /** Waits until all that was written is counted, and standbys lack nothing. */
  async settled(...members: readonly Running[]): Promise<void> {
    const isSettled = (): boolean =>
      this.cluster.read(counts).length >= this.#written &&
      members.every(
        ({ app }) => app.state === "running" && [...app.standbyLag.values()].every((lag) => lag === 0),
      );
    assert.ok(await this.until(isSettled), "settled");
    await this.clock.runFor(2_000);
    assert.ok(await this.until(isSettled), "still settled");
  }

  /** How often each key was counted last. */
  counted(): ReadonlyMap<string, number> {
    return new Map(this.cluster.read(counts).map(({ key, value }) => [key, value]));
  }
}

const spread = (...members: readonly Running[]): readonly number[] =>
  members.map(({ app }) => app.tasks.active.length);

test("when a member dies its tasks go to their standbys, which read only what they lack", async () => {
  const world = new World();
  const one = await world.join("one");
  const two = await world.join("two");
  world.write(400);
  await world.settled(one, two);
  expect(spread(one, two)).toEqual([2, 2]);
  expect(two.app.tasks.standby).toEqual(one.app.tasks.active);
  expect(two.app.metrics.standbyRestored).toBeGreaterThan(100);
  const lags = two.app.metrics.collect().find(({ name }) => name === "standby_lag")?.points ?? [];
  expect(Object.fromEntries(lags.map(({ tags, value }) => [tags.task, value]))).toEqual(
    Object.fromEntries(two.app.tasks.standby.map((task) => [task, 0])),
  );
  const before = two.app.metrics.restored;
  one.process.kill();
  expect(await world.until(() => two.app.tasks.active.length === 4)).toBe(true);
  expect(two.app.metrics.restored - before, "restored").toBe(0);
  world.write(40);
  for (let at = 0; at < 400; at++) world.cluster.pipe(input, `key-${at}`, "v");
  expect(await world.until(() => [...world.counted().values()].filter((of) => of === 2).length === 400)).toBe(
    true,
  );
});

test("a member that joins warms up before it gets tasks, and whoever gave them keeps their standbys", async () => {
  const world = new World();
  const one = await world.join("one", { standbyReplicas: 0 });
  world.write(400);
  await world.settled(one);
  const two = await world.join("two", { standbyReplicas: 0 });
  await world.clock.runFor(1_000);
  expect(spread(one, two), "not before it has the states").toEqual([4, 0]);
  expect(two.app.tasks.standby).toHaveLength(2);
  expect(await world.until(() => two.app.tasks.active.length === 2, 20_000)).toBe(true);
  expect(two.app.metrics.restored).toBe(0);
  expect(two.app.tasks.standby).toEqual([]);
  expect(world.lines.some((line) => line.startsWith("one: asks the group to join again"))).toBe(true);
});

test("a member that joins warms up also where the answer to the only commit of the state was lost", async () => {
  const world = new World();
  const one = await world.join("one", { standbyReplicas: 0 });
  world.losesCommit = true;
  world.write(400);
  await world.settled(one);
  expect(world.lines.some((line) => line.includes("starting over from the last commit"))).toBe(true);
  const two = await world.join("two", { standbyReplicas: 0 });
  await world.clock.runFor(1_000);
  expect(spread(one, two), "not before it has the states").toEqual([4, 0]);
  expect(await world.until(() => two.app.tasks.active.length === 2, 20_000)).toBe(true);
  expect(two.app.metrics.restored).toBe(0);
});

test("a task that comes back to where its standby is reads nothing", async () => {
  const world = new World();
  const one = await world.join("one");
  const two = await world.join("two");
  world.write(400);
  await world.settled(one, two);
  const { active } = one.app.tasks;
  await world.clock.run(two.app.stop(), 60_000);
  const three = await world.join("three");
  world.write(100);
  await world.settled(one, three);
  expect(
    await world.until(() => three.app.tasks.active.length === 2 && three.app.tasks.standby.length === 2),
  ).toBe(true);
  await world.settled(one, three);
  // What it gave up it keeps as standbys, without having read any of it.
  expect(one.app.tasks.standby).toEqual(three.app.tasks.active);
  const { restored, standbyRestored } = one.app.metrics;
  expect(standbyRestored).toBeLessThan(350);
  three.process.kill();
  expect(await world.until(() => one.app.tasks.active.length === 4)).toBe(true);
  expect(one.app.metrics.restored - restored).toBe(0);
  expect(one.app.tasks.active).toEqual(expect.arrayContaining([...active]));
});

test("a member whose session has ended unseen has its state still when it is back", async () => {
  const world = new World();
  const one = await world.join("one", { standbyReplicas: 0 });
  world.write(400);
  await world.settled(one);
  one.process.freeze(10_000);
  await world.clock.runFor(10_000);
  world.write(4);
  await world.settled(one);
  expect(spread(one)).toEqual([4]);
  expect(one.app.metrics.restored, "records read back").toBe(0);
});

test("a quick restart of a static member moves nothing, and it has its standbys again", async () => {
  const world = new World();
  const one = await world.join("one", { instanceId: "a", sessionTimeoutMs: 60_000 });
  const two = await world.join("two", { instanceId: "b", sessionTimeoutMs: 60_000 });
  world.write(400);
  await world.settled(one, two);
  const { rebalances } = one.app.metrics;
  const { active, standby } = two.app.tasks;
  two.process.kill();
  await world.clock.runFor(1_000);
  const again = await world.join("again", { instanceId: "b", sessionTimeoutMs: 60_000 });
  await world.settled(one, again);
  expect(again.app.tasks.active).toEqual(active);
  expect(again.app.tasks.standby).toEqual(standby);
  expect(one.app.metrics.rebalances).toBe(rebalances);
});

test("standbys wait while a task is restored, and go on after that", async () => {
  const world = new World();
  const one = await world.join("one");
  world.write(2_000);
  await world.settled(one);
  const two = await world.join("two", { acceptableRecoveryLag: 100_000 });
  await world.settled(one, two);
  expect(two.app.tasks.standby.length + two.app.tasks.active.length).toBe(4);
  expect(two.app.metrics.standbyRestored + two.app.metrics.restored).toBeGreaterThanOrEqual(900);
});

test("a standby that its changelog's retention has passed goes on with what there is", async () => {
  const world = new World(1);
  const one = await world.join("one");
  const two = await world.join("two");
  world.write(100);
  await world.settled(one, two);
  const [standby, active] = one.app.tasks.active.length === 1 ? [two, one] : [one, two];
  standby.process.freeze(3_000);
  world.write(100);
  await world.clock.runFor(1_500);
  const log = world.cluster.brokers.topic("counting-by-key-changelog").logs[0];
  await world.clock.run(
    world.cluster.transport().deleteRecords([
      {
        partition: { topic: "counting-by-key-changelog", partition: 0 },
        offset: log?.endOffset(true) ?? 0,
      },
    ]),
    10_000,
  );
  world.write(10);
  await world.clock.runFor(5_000);
  await world.settled(standby, active);
  expect(standby.app.tasks.standby).toEqual(["0_0"]);
  expect(world.lines.filter((line) => line.includes("OFFSET_OUT_OF_RANGE"))).toHaveLength(1);
  active.process.kill();
  expect(await world.until(() => standby.app.tasks.active.length === 1)).toBe(true);
  expect(standby.app.metrics.restored).toBe(0);
});
