import { expect, test } from "vitest";
import {
  type AppOptions,
  count,
  groupByKey,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

// at_least_once: no broker refuses the records of who is no member any more.

const input = topic("in", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "by-key" }), toStream(), to(counts)),
);

const world = () => {
  const of = new World({ topics: ["in", "counts"] });
  const run = async (name: string, options: Partial<AppOptions> = {}) => {
    const process = of.cluster.process(name);
    const timing = { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 1_000, ...options };
    return { app: await of.running(counting, { guarantee: "at_least_once", ...timing }, process), process };
  };
  const write = (records: number): void => {
    for (let at = 0; at < records; at++) of.cluster.pipe(input, "k", "v");
  };
  const values = (): readonly number[] => of.cluster.read(counts).map(({ value }) => value);
  return {
    clock: of.clock,
    run,
    write,
    values,
    last: (value: number) => of.until(() => values().at(-1) === value, 30_000),
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
