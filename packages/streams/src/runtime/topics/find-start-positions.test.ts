import { beforeEach, describe, expect, test } from "vitest";
import {
  type AppOptions,
  count,
  createApp,
  groupByKey,
  long,
  repartition,
  stream,
  string,
  to,
  topic,
  topology,
  type Topology,
  toStream,
} from "../../index.ts";
import {
  simulatedCluster,
  type SimulatedCluster,
} from "../../testing/simulated-cluster/simulated-cluster.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import type { LogLevel } from "../../log.ts";

const words = topic("words", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });

const counting: Topology = topology(
  "app",
  stream(words).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(counts)),
);

let clock: VirtualClock;
let cluster: SimulatedCluster;

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  for (const name of ["words", "counts"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
});

interface Run {
  readonly failure: unknown;
  readonly warnings: readonly string[];
}

/** Runs for ten seconds, then stops. */
const run = async (options: Partial<AppOptions> = {}, what = counting): Promise<Run> => {
  const process = cluster.process();
  const lines: { readonly level: LogLevel; readonly message: string }[] = [];
  const app = createApp(what, {
    transport: cluster.transport(process),
    clock: process,
    log: (level, message) => lines.push({ level, message }),
    ...options,
  });
  const started = app.start().catch(() => undefined);
  await clock.runFor(10_000);
  await started;
  await clock.run(app.stop(), 60_000);
  return {
    failure: app.failure,
    warnings: lines.filter(({ level }) => level === "warn").map(({ message }) => message),
  };
};

const say = (...said: readonly string[]): void => {
  for (const word of said) cluster.pipe(words, word, "");
};

const counted = (): readonly number[] => cluster.read(counts).map(({ value }) => value);

/** As if the offsets had expired. */
const forgetOffsets = (): void => cluster.brokers.group("app").offsets.expire();

const remake = (name: string): void => {
  cluster.brokers.deleteTopic(name);
  cluster.createTopic({ topic: name, partitions: 1, configs: {} });
};

test("counts on where it was, with state, at the next start", async () => {
  say("a", "a");
  expect(await run()).toEqual({ failure: undefined, warnings: [] });
  say("a");
  expect(await run()).toEqual({ failure: undefined, warnings: [] });
  expect(counted().at(-1)).toBe(3);
});

/** `target`, but for these of its members. */
const but = <T extends object>(target: T, members: Partial<T>): T =>
  new Proxy(target, {
    get: (from, name) => {
      const own: unknown = Reflect.get(members, name) ?? Reflect.get(from, name);
      return typeof own === "function" ? (own.bind(from) as unknown) : own;
    },
  });

test("what others committed after it had asked, while it stood still, is not taken for state without offsets", async () => {
  say("a", "b");
  await run();
  const transport = cluster.transport(cluster.process());
  let asked = 0;
  const stale = but(transport, {
    groupCoordinator: (group) => {
      const coordinator = transport.groupCoordinator(group);
      return but(coordinator, {
        fetchOffsets: async (partitions) => {
          const all = await coordinator.fetchOffsets(partitions);
          return asked++ === 0 ? all.map((one) => ({ ...one, offset: -1, metadata: "" })) : all;
        },
      });
    },
  });
  say("a");
  expect((await run({ transport: stale })).failure).toBeUndefined();
  expect(asked).toBeGreaterThan(1);
  expect(counted()).toEqual([1, 1, 2]);
});

test("a first start, and a second after nothing came, need no advice", async () => {
  expect(await run()).toEqual({ failure: undefined, warnings: [] });
  expect(await run()).toEqual({ failure: undefined, warnings: [] });
});

test.for(["exactly_once", "at_least_once"] as const)(
  "state whose offsets have expired stops it before it counts twice (%s)",
  async (guarantee) => {
    say("a", "a");
    await run({ guarantee, commitIntervalMs: 100 });
    forgetOffsets();
    expect(await run({ guarantee })).toMatchObject({ failure: { code: "STATE_WITHOUT_OFFSETS" } });
    expect(counted().at(-1)).toBe(2);
    await run({ guarantee, onStateWithoutOffsets: "continue" });
    expect(counted().at(-1)).toBe(4);
  },
);

describe("a changelog that was deleted", () => {
  beforeEach(async () => {
    say("a", "a");
    await run();
    cluster.brokers.deleteTopic("app-counts-changelog");
    say("a");
  });

  test("stops it, again and again, and is not made anew", async () => {
    for (let start = 0; start < 2; start++)
      expect(await run()).toMatchObject({ failure: { code: "OFFSETS_WITHOUT_STATE" } });
    expect(counted().at(-1)).toBe(2);
  });

  test("is built anew from the sources when that is asked for", async () => {
    expect(await run({ onOffsetsWithoutState: "rewind" })).toMatchObject({ failure: undefined });
    expect(counted().at(-1)).toBe(3);
    expect(await run()).toEqual({ failure: undefined, warnings: [] });
  });

  test("is begun empty when that is asked for", async () => {
    expect(await run({ onOffsetsWithoutState: "continue" })).toMatchObject({ failure: undefined });
    expect(counted().at(-1)).toBe(1);
    expect(await run()).toEqual({ failure: undefined, warnings: [] });
  });

  test("and made anew by somebody is noticed by its id", async () => {
    cluster.createTopic({
      topic: "app-counts-changelog",
      partitions: 1,
      configs: { "cleanup.policy": "compact" },
    });
    expect(await run()).toMatchObject({ failure: { code: "OFFSETS_WITHOUT_STATE" } });
  });
});

test("a source that was made anew has no offsets any more: its state stops it, and no counting on asks for that", async () => {
  say("a", "a");
  await run();
  remake("words");
  say("b", "b", "b", "b");
  expect(await run()).toMatchObject({ failure: { code: "STATE_WITHOUT_OFFSETS" } });
  await run({ onStateWithoutOffsets: "continue" });
  expect(cluster.read(counts).at(-1)).toMatchObject({ key: "b", value: 4 });
  expect(await run()).toEqual({ failure: undefined, warnings: [] });
});

test("records that were deleted before they were read are counted, and the rest is read", async () => {
  say("a");
  await run();
  say("a", "a", "a");
  cluster.brokers.log("words", 0).deleteBefore(3);
  const { failure, warnings } = await run();
  expect(failure).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("2 records of words-0 were deleted")]);
  expect(counted().at(-1)).toBe(2);
});

const through = (name: string): Topology =>
  topology("app", stream(words).pipe(repartition({ name }), to(topic("counts", words))));

describe("a repartition topic that the topology does not have any more", () => {
  test("stops it while records wait there", async () => {
    say("a");
    await run({}, through("old"));
    const bytes = topic("app-old-repartition", { key: string(), value: string() });
    cluster.pipe(bytes, "b", "waits");
    expect(await run({}, through("new"))).toMatchObject({
      failure: { code: "UNREAD_REPARTITION", message: expect.stringContaining("app-old-repartition-0") },
    });
    expect(await run({ onUnreadRepartition: "ignore" }, through("new"))).toMatchObject({
      failure: undefined,
    });
  });

  test("is of no matter when all of it was read", async () => {
    say("a");
    await run({}, through("old"));
    expect(await run({}, through("new"))).toEqual({ failure: undefined, warnings: [] });
  });
});

test("an application reads the partitions that its source is given while it runs", async () => {
  const copied = topic("counts", { key: string(), value: string() });
  const process = cluster.process();
  const app = createApp(topology("app", stream(words).pipe(to(copied))), {
    transport: cluster.transport(process),
    clock: process,
    metadataMaxAgeMs: 5_000,
  });
  await clock.run(app.start());
  cluster.brokers.addPartitions("words", 3);
  for (const partition of [0, 1, 2]) cluster.pipe(words, `k${partition}`, "", { partition });
  expect(await clock.runUntil(() => cluster.read(copied).length === 3, 20_000)).toBe(true);
  expect(app.tasks.active.length).toBe(3);
  await clock.run(app.stop());
});
