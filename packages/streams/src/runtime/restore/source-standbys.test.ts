import { beforeEach, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  createApp,
  groupBy,
  type KeyValueStoreDefinition,
  long,
  merge,
  nullable,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  type Topology,
  toStream,
} from "../../index.ts";
import { simulatedCluster, VirtualClock } from "../../testing/index.ts";
import type { SimulatedCluster } from "../../testing/simulated-cluster/simulated-cluster.ts";
import type { SimulatedProcess } from "../../testing/simulated-cluster/simulated-process.ts";

const colours = topic("colours", { key: string(), value: string() });
const perColour = topic("per-colour", { key: string(), value: nullable(long()) });

const counted = (): Topology =>
  topology(
    "app",
    table(colours, { store: "colours", sourceAsChangelog: true }).pipe(
      groupBy((colour) => [colour, colour], { key: string(), value: string() }),
      count({ store: "n" }),
      toStream(),
      to(perColour),
    ),
  );

interface Running {
  readonly process: SimulatedProcess;
  readonly app: App;
}

let clock: VirtualClock;
let cluster: SimulatedCluster;

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  for (const name of ["colours", "per-colour"])
    cluster.createTopic({ topic: name, partitions: 1, configs: { "cleanup.policy": "compact" } });
});

const join = async (
  name: string,
  options: Partial<AppOptions> = {},
  what: Topology = counted(),
): Promise<Running> => {
  const process = cluster.process(name);
  const app = createApp(what, {
    transport: cluster.transport(process),
    clock: process,
    standbyReplicas: 1,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 1_000,
    log: () => undefined,
    ...options,
  });
  await clock.run(app.start(), 60_000);
  return { process, app };
};

const write = (from: number, end: number, colour: string): void => {
  for (let at = from; at < end; at++) cluster.pipe(colours, `k${at}`, colour);
};

const counts = (): ReadonlyMap<string, number | null> =>
  new Map(cluster.read(perColour).map(({ key, value }) => [key, value]));

const committed = (): number => cluster.brokers.group("app").offsets.get("colours", 0)?.offset ?? 0;

/** The task of the table, which reads the topic. */
const tableTask = "0_0";

test("a table whose topic is its changelog has a standby, which takes over without reading it again", async () => {
  const one = await join("one");
  const two = await join("two");
  write(0, 200, "red");
  await clock.runFor(10_000);
  const [owner, standby] = one.app.tasks.active.includes(tableTask) ? [one, two] : [two, one];
  expect(standby.app.tasks.standby).toContain(tableTask);
  expect(standby.app.standbyLag.get(tableTask)).toBe(0);
  const { restored } = standby.app.metrics;
  owner.process.kill();
  write(0, 50, "blue");
  expect(await clock.runUntil(() => counts().get("blue") === 50, 60_000)).toBe(true);
  expect(standby.app.metrics.restored - restored).toBe(0);
  expect(counts()).toEqual(
    new Map([
      ["red", 150],
      ["blue", 50],
    ]),
  );
});

test("a standby of such a table stays where its group has committed, and goes on with it", async () => {
  // Nothing is committed by itself while the test looks.
  const options = { commitIntervalMs: 9_000 };
  const one = await join("one", options);
  const two = await join("two", options);
  await clock.runFor(20_000);
  const [owner, standby] = one.app.tasks.active.includes(tableTask) ? [one, two] : [two, one];
  write(0, 100, "red");
  expect(await clock.runUntil(() => committed() === 100, 60_000)).toBe(true);
  await clock.runFor(2_000);
  write(0, 100, "blue");
  await clock.runFor(4_000);
  expect(committed()).toBe(100);
  const stale = standby.app.store<KeyValueStoreDefinition<string, string>>("colours", { stale: true });
  expect(stale.get("k1")).toBe("red");
  // What was not committed is done again over the rows as they were: else they would replace themselves.
  owner.process.kill();
  expect(await clock.runUntil(() => counts().get("blue") === 100, 60_000)).toBe(true);
  expect(counts().get("red")).toBe(0);
});

test("a topic that has fewer partitions than its task's others keeps no standby from coming up", async () => {
  cluster.createTopic({ topic: "wide", partitions: 3, configs: {} });
  const wide = topic("wide", { key: string(), value: nullable(string()) });
  const both = (): Topology =>
    topology(
      "app",
      table(colours, { store: "colours", sourceAsChangelog: true }).pipe(
        toStream(),
        merge(stream(wide)),
        to(topic("per-colour", wide)),
      ),
    );
  const one = await join("one", {}, both());
  const two = await join("two", {}, both());
  write(0, 20, "red");
  await clock.runFor(10_000);
  expect([...one.app.tasks.standby, ...two.app.tasks.standby].toSorted()).toEqual(["0_0", "0_1", "0_2"]);
});
