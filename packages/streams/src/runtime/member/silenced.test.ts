import { expect, test } from "vitest";
import {
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

// at_least_once: no broker refuses the records of who is no member any more.

const input = topic("in", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "by-key" }), toStream(), to(counts)),
);

const world = () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  for (const name of ["in", "counts"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  const run = async (name: string, options: Partial<AppOptions> = {}) => {
    const process = cluster.process(name);
    const app = createApp(counting, {
      transport: cluster.transport(process),
      clock: process,
      guarantee: "at_least_once",
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 1_000,
      log: () => undefined,
      ...options,
    });
    await clock.run(app.start(), 60_000);
    return { app, process };
  };
  const write = (records: number): void => {
    for (let at = 0; at < records; at++) cluster.pipe(input, "k", "v");
  };
  const values = (): readonly number[] => cluster.read(counts).map(({ value }) => value);
  return {
    clock,
    run,
    write,
    values,
    last: (value: number) => clock.runUntil(() => values().at(-1) === value, 30_000),
  };
};

test("a member that was frozen for longer than its session commits nothing before it has been heard", async () => {
  const { clock, run, write, values, last } = world();
  const first = await run("first", { commitIntervalMs: 500 });
  await clock.runUntil(() => first.app.tasks.active.length === 1, 10_000);
  write(1);
  expect(await last(1)).toBe(true);
  write(1);
  expect(await clock.runUntil(() => first.app.metrics.processed === 2, 10_000)).toBe(true);
  first.process.freeze(20_000);
  await run("second");
  write(3);
  expect(await last(5)).toBe(true);
  await clock.runFor(20_000);
  expect(values()).toEqual([1, 5]);
});

test("a member that is heard again goes on with what it had begun", async () => {
  const { clock, run, write, values, last } = world();
  const first = await run("first", { sessionTimeoutMs: 30_000 });
  await clock.runUntil(() => first.app.tasks.active.length === 1, 10_000);
  write(1);
  expect(await last(1)).toBe(true);
  write(1);
  first.process.freeze(20_000);
  expect(await last(2)).toBe(true);
  expect(values()).toEqual([1, 2]);
});
