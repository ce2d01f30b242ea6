import { beforeEach, expect, test } from "vitest";
import {
  type AppOptions,
  count,
  createApp,
  groupBy,
  join,
  type KTable,
  long,
  merge,
  nullable,
  type Serde,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  type Topology,
  toStream,
  versionedStore,
} from "../../index.ts";
import {
  simulatedCluster,
  type SimulatedCluster,
} from "../../testing/simulated-cluster/simulated-cluster.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";

const colours = topic("colours", { key: string(), value: string() });
const deletions = topic("colours", { key: string(), value: nullable(string()) });
const perColour = topic("per-colour", { key: string(), value: nullable(long()) });
const asks = topic("asks", { key: string(), value: string() });
const answers = topic("answers", { key: string(), value: string() });

type Rows = KTable<string, string | null>;
const reused = (): Rows => table(colours, { store: "colours", sourceAsChangelog: true });

/** How many have each colour: a row that is not known any more would never be taken out of its old group. */
const counted = (rows: Rows = reused()): Topology =>
  topology(
    "app",
    rows.pipe(
      groupBy((colour) => [colour, colour], { key: string(), value: string() }),
      count({ store: "n" }),
      toStream(),
      to(perColour),
    ),
  );

/** What a record finds in the table, and when that was put there. */
const asked = (rows: Rows = reused()): Topology =>
  topology(
    "app",
    stream(asks).pipe(
      join(rows, (question, colour) => `${question}${colour}`),
      to(answers),
    ),
  );

let clock: VirtualClock;
let cluster: SimulatedCluster;

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  for (const name of ["colours", "per-colour", "asks", "answers"])
    cluster.createTopic({ topic: name, partitions: 2, configs: { "cleanup.policy": "compact" } });
});

/** Runs for ten seconds and stops; answers how many records it restored. */
const run = async (what: Topology, options: Partial<AppOptions> = {}): Promise<number> => {
  const process = cluster.process();
  const app = createApp(what, {
    transport: cluster.transport(process),
    clock: process,
    commitIntervalMs: 100,
    ...options,
  });
  const started = app.start();
  await clock.runFor(10_000);
  await started;
  await clock.run(app.stop(), 60_000);
  expect(app.failure).toBeUndefined();
  return app.metrics.restored;
};

const counts = (): ReadonlyMap<string, number | null> =>
  new Map(cluster.read(perColour).map(({ key, value }) => [key, value]));

const topics = (): Promise<readonly string[]> => {
  const transport = cluster.transport();
  return clock.run(transport.connect().then(() => transport.listTopics()));
};

test.for(["exactly_once", "at_least_once"] as const)(
  "a table is restored from its topic up to where it goes on, and not further (%s)",
  async (guarantee) => {
    for (const key of ["a", "b", "c"]) cluster.pipe(colours, key, "red");
    cluster.pipe(colours, "b", "blue");
    cluster.pipe(deletions, "c", null);
    expect(await run(counted(), { guarantee })).toBe(0);
    expect(counts()).toEqual(
      new Map([
        ["red", 1],
        ["blue", 1],
      ]),
    );
    // While nobody runs: what is restored must not have it yet, or it would replace itself.
    cluster.pipe(colours, "a", "blue");
    cluster.pipe(colours, "d", "red");
    expect(await run(counted(), { guarantee })).toBeGreaterThanOrEqual(5);
    expect(counts()).toEqual(
      new Map([
        ["red", 1],
        ["blue", 2],
      ]),
    );
    cluster.pipe(deletions, "b", null);
    await run(counted(), { guarantee });
    expect(counts()).toEqual(
      new Map([
        ["red", 1],
        ["blue", 1],
      ]),
    );
  },
);

test("nothing is written beside the topic, and nothing to it", async () => {
  cluster.pipe(colours, "a", "red");
  await run(counted());
  expect(await topics()).not.toContain("app-colours-changelog");
  expect(await topics()).toContain("app-n-changelog");
  expect(cluster.read(colours).length).toBe(1);
});

test("a topic that was compacted meanwhile is enough", async () => {
  for (const colour of ["red", "blue", "red", "green"]) cluster.pipe(colours, "a", colour);
  await run(counted());
  cluster.compact("colours");
  cluster.pipe(colours, "a", "blue");
  await run(counted());
  expect(counts()).toEqual(
    new Map([
      ["blue", 1],
      ["green", 0],
    ]),
  );
});

test("records that were left out, and times that were read from them, are so again", async () => {
  const timed = topic("colours", {
    key: string(),
    value: string(),
    timestamp: ({ value }) => Number(value.split("@")[1] ?? -1),
  });
  const rows = (): Rows => table(timed, { store: "colours", sourceAsChangelog: true });
  const result = topic("per-colour", { key: string(), value: string() });
  const latest = (): Topology =>
    topology(
      "app",
      rows().pipe(
        join(table(asks, { store: "asks" }), (colour, question) => `${question}${colour}`),
        toStream(),
        to(topic("per-colour", { key: string(), value: nullable(string()) })),
      ),
    );
  cluster.pipe(timed, "a", "red@77");
  cluster.pipe(timed, "a", "never@-5");
  const broken = topic("colours", { key: string(), value: long() });
  cluster.pipe(broken, "b", 2 ** 40);
  await run(latest(), { handlers: { deserialization: () => "skip" } });
  cluster.pipe(asks, "a", "?", { timestamp: 5 });
  cluster.pipe(asks, "b", "?", { timestamp: 5 });
  await run(latest(), { handlers: { deserialization: () => "skip" } });
  expect(cluster.read(result).map(({ key, value, timestamp }) => [key, value, timestamp])).toEqual([
    ["a", "?red@77", 77],
  ]);
});

test("a serde that has to fetch something first is waited for", async () => {
  let fetched = 0;
  const known = new Set<string>();
  const slow: Serde<string> = {
    ...string(),
    prepare: (source, start, end) => {
      const text = start < 0 ? "" : source.toString("utf8", start, end);
      if (known.has(text)) return undefined;
      fetched++;
      return new Promise((resolve) => {
        clock.setTimeout(() => {
          known.add(text);
          resolve();
        }, 50);
      });
    },
    deserialize: (source, start, end) => {
      const text = string().deserialize(source, start, end);
      if (!known.has(text)) throw new Error(`"${text}" was not waited for`);
      return text;
    },
  };
  const rows = (): Rows =>
    table(topic("colours", { key: string(), value: slow }), { store: "colours", sourceAsChangelog: true });
  for (const [key, colour] of [
    ["a", "red"],
    ["b", "blue"],
    ["c", "green"],
  ] as const)
    cluster.pipe(colours, key, colour);
  await run(asked(rows()));
  known.clear();
  for (const key of ["a", "b", "c"]) cluster.pipe(asks, key, "?");
  await run(asked(rows()));
  expect(fetched).toBe(6);
  expect(
    cluster
      .read(answers)
      .map(({ value }) => value)
      .toSorted(),
  ).toEqual(["?blue", "?green", "?red"]);
});

test("a versioned table has its versions again", async () => {
  const rows = (): Rows =>
    table(colours, {
      store: versionedStore("colours", {
        key: string(),
        value: string(),
        historyRetention: 1_000,
        changelogTopic: "colours",
      }),
      sourceAsChangelog: true,
    });
  cluster.pipe(colours, "a", "red", { timestamp: 100 });
  cluster.pipe(colours, "a", "blue", { timestamp: 200 });
  await run(asked(rows()));
  cluster.pipe(asks, "a", "then ", { timestamp: 150 });
  cluster.pipe(asks, "a", "now ", { timestamp: 250 });
  await run(asked(rows()));
  expect(cluster.read(answers).map(({ value }) => value)).toEqual(["then red", "now blue"]);
});

test("offsets that have expired are no reason to stop: what comes again makes the same rows", async () => {
  cluster.pipe(colours, "a", "red");
  await run(asked());
  cluster.brokers.group("app").offsets.expire();
  cluster.pipe(asks, "a", "?");
  expect(await run(asked())).toBe(0);
  expect(cluster.read(answers).map(({ value }) => value)).toEqual(["?red"]);
});

test("tasks that a wider topic beside it makes have no part of it, and start all the same", async () => {
  cluster.createTopic({ topic: "wide", partitions: 4, configs: {} });
  const wide = topic("wide", { key: string(), value: nullable(string()) });
  const both = (): Topology =>
    topology("app", reused().pipe(toStream(), merge(stream(wide)), to(topic("answers", wide))));
  cluster.pipe(colours, "a", "red");
  for (const partition of [0, 1, 2, 3]) cluster.pipe(wide, `k${partition}`, "v", { partition });
  await run(both());
  cluster.pipe(colours, "a", "blue");
  await run(both());
  expect(cluster.read(answers).length).toBe(6);
});

test("two tables can't have one topic as their changelog", () => {
  const again = table(colours, { store: "again", sourceAsChangelog: true });
  expect(() => topology("app", reused(), again)).toThrow(
    /"colours" and "again" both have the topic "colours" as their changelog/,
  );
});
