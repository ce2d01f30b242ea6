import { expect, test } from "vitest";
import {
  type App,
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
} from "../index.ts";
import {
  type SimulatedCluster,
  simulatedCluster,
  SimulatedDisk,
  type SimulatedProcess,
  VirtualClock,
} from "./index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: long() });
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(output)),
);
const keys = 50;

interface Life {
  readonly app: App;
  readonly process: SimulatedProcess;
}

const start = async (clock: VirtualClock, cluster: SimulatedCluster, disk: SimulatedDisk): Promise<Life> => {
  const process = cluster.process();
  const app = createApp(counting, {
    transport: cluster.transport(process),
    clock: process,
    state: disk.open(process),
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 1_000,
    transactionTimeoutMs: 5_000,
    log: () => undefined,
  });
  await clock.run(app.start());
  await clock.runUntil(() => app.tasks.active.length === 2, 60_000);
  return { app, process };
};

const pipeAll = (cluster: SimulatedCluster): void => {
  for (let key = 0; key < keys; key++) cluster.pipe(input, `k${key}`, "v");
};

const counted = (cluster: SimulatedCluster, times: number): boolean => {
  const last = new Map(cluster.read(output).map(({ key, value }) => [key, value]));
  return last.size === keys && [...last.values()].every((value) => value === times);
};

test("a disk that is kept, goes back, or is lost is read from where it is, and the counts go on", async () => {
  const clock = new VirtualClock({ seed: 3 });
  const cluster = simulatedCluster({ clock });
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });
  const disk = new SimulatedDisk(clock, { cacheBytes: 500 });
  const restored: number[] = [];
  const fates = [() => undefined, () => disk.goBack(0), () => disk.lose(), () => undefined];
  for (let life = 0; life < 4; life++) {
    const { app, process } = await start(clock, cluster, disk);
    restored.push(app.metrics.restored);
    pipeAll(cluster);
    await clock.runUntil(() => counted(cluster, life + 1), 60_000);
    await clock.runFor(100);
    process.kill();
    disk.remember();
    fates[life]?.();
  }
  // Nothing yet; nothing, for all was on it; the tail since the first death; all of it.
  expect(restored[0]).toBe(0);
  expect(restored[1]).toBe(0);
  expect(restored[2]).toBe(keys);
  expect(restored[3]).toBe(3 * keys);
  cluster.close();
});

test("what was on its way to the disk when the process was killed is read from the changelog", async () => {
  const clock = new VirtualClock({ seed: 3 });
  const cluster = simulatedCluster({ clock });
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });
  const disk = new SimulatedDisk(clock, { writeMs: () => 1_000 });
  const first = await start(clock, cluster, disk);
  pipeAll(cluster);
  await clock.runUntil(() => counted(cluster, 1), 60_000);
  first.process.kill();
  const second = await start(clock, cluster, disk);
  expect(second.app.metrics.restored).toBe(keys);
  pipeAll(cluster);
  await clock.runUntil(() => counted(cluster, 2), 60_000);
  cluster.close();
});
