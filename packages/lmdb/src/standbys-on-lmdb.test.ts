import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
} from "@millrace/streams";
import { simulatedCluster, type SimulatedCluster } from "@millrace/streams/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lmdbState } from "./lmdb-state.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: long() });
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(output)),
);
const keys = 200;

let cluster: SimulatedCluster;
let root: string;

beforeEach(() => {
  cluster = simulatedCluster();
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 4, configs: {} });
  root = mkdtempSync(join(tmpdir(), "millrace-standbys-"));
});

afterEach(() => {
  cluster.close();
  rmSync(root, { recursive: true, force: true });
});

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const send = (): void => {
  for (let key = 0; key < keys; key++) cluster.pipe(input, `k${key}`, "v");
};

const counted = (times: number): Promise<void> =>
  until(() => {
    const counts = new Map(cluster.read(output).map(({ key, value }) => [key, value]));
    return counts.size === keys && [...counts.values()].every((value) => value === times);
  });

/** A member on a directory of its own, once it takes records. */
const start = async (name: string, options: Partial<AppOptions> = {}): Promise<App> => {
  const app = createApp(counting, {
    transport: cluster.transport(),
    commitIntervalMs: 20,
    heartbeatIntervalMs: 50,
    acceptableRecoveryLag: 10,
    probingRebalanceIntervalMs: 300,
    state: await lmdbState({ directory: join(root, name) }),
    log: () => undefined,
    ...options,
  });
  await app.start();
  return app;
};

const caughtUp = (app: App, standbys: number): Promise<void> =>
  until(
    () => app.tasks.standby.length === standbys && [...app.standbyLag.values()].every((lag) => lag === 0),
  );

test("a standby on disk is taken over from, and after a restart goes on from where it was", async () => {
  const one = await start("one", { standbyReplicas: 1 });
  const two = await start("two", { standbyReplicas: 1 });
  await until(() => one.tasks.active.length === 2 && two.tasks.active.length === 2);
  send();
  await counted(1);
  await caughtUp(two, 2);
  await two.stop();
  send();
  await counted(2);
  const again = await start("two", { standbyReplicas: 1 });
  await until(() => again.tasks.active.length === 2);
  await caughtUp(again, 2);
  const { restored, standbyRestored } = again.metrics;
  // Half of each round's rows it had itself, the other half its standbys had; it read what came while it was away, a row
  // again where a commit fell between two of its records. All would be twice the keys, at least.
  expect(restored + standbyRestored).toBeLessThan(keys * 1.9);
  await one.stop();
  await until(() => again.tasks.active.length === 4);
  expect(again.metrics.restored).toBe(restored);
  send();
  await counted(3);
  await again.stop();
});

test("a member that is back with its disk reads only what is new of the tasks that it gets, whoever ran them meanwhile", async () => {
  const one = await start("one");
  send();
  await counted(1);
  await one.stop();
  const [two, again] = await Promise.all([start("two"), start("one")]);
  await until(() => two.tasks.active.length + again.tasks.active.length === 4);
  await until(() => two.tasks.active.length === 2 && again.tasks.active.length === 2);
  expect(again.metrics.restored).toBeLessThan(20);
  await Promise.all([two.stop(), again.stop()]);
});
