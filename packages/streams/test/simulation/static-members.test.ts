import { expect, test } from "vitest";
import { type App, createApp, mapValues, stream, string, to, topic, topology } from "../../src/index.ts";
import {
  type SimulatedCluster,
  simulatedCluster,
} from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { SimulatedProcess } from "../../src/testing/simulated-cluster/simulated-process.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const copying = topology(
  "copying",
  stream(input).pipe(
    mapValues((value) => value),
    to(output),
  ),
);

interface Member {
  readonly process: SimulatedProcess;
  readonly app: App;
}

/** A process whose member keeps its instance id over its lives. */
const run = (cluster: SimulatedCluster, name: string, instanceId: string): Member => {
  const process = cluster.process(name);
  const app = createApp(copying, {
    transport: cluster.transport(process),
    clock: process,
    instanceId,
    sessionTimeoutMs: 120_000,
    log: () => undefined,
  });
  void app.start();
  return { process, app };
};

const createTopics = (cluster: SimulatedCluster): void => {
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });
};

test("what a static member gives up is not lost when it dies before it has joined again", async () => {
  const clock = new VirtualClock();
  let joins = 0;
  let first: SimulatedProcess | undefined;
  const cluster = simulatedCluster({
    clock,
    weather: (process, request) => {
      // Its first join, that of the rebalance for the other, and the one that says what it has given up.
      const dies = process === "first" && request === "JoinGroup" && ++joins === 3;
      if (dies) first?.kill();
      return { thereMs: 1, backMs: 1, lost: dies ? "request" : "no" };
    },
  });
  createTopics(cluster);
  const one = run(cluster, "first", "a");
  first = one.process;
  await clock.runUntil(() => one.app.tasks.active.length === 2, 10_000);
  const other = run(cluster, "other", "b");
  await clock.runUntil(() => one.process.killed, 10_000);
  const again = run(cluster, "again", "a");
  const all = (): number => again.app.tasks.active.length + other.app.tasks.active.length;
  expect(await clock.runUntil(() => all() === 2, 30_000), "both tasks run").toBe(true);
  expect(joins).toBe(3);
});

test("a static member that is back knows of partitions that its last life did not, and gets them", async () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  createTopics(cluster);
  const one = run(cluster, "first", "a");
  await clock.runUntil(() => one.app.tasks.active.length === 2, 10_000);
  one.process.kill();
  cluster.brokers.addPartitions("in", 3);
  const again = run(cluster, "again", "a");
  const allRun = (): boolean => again.app.tasks.active.length === 3;
  expect(await clock.runUntil(allRun, 30_000), "the new partition is read, too").toBe(true);
});
