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
import type { Clock } from "../../clock.ts";

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
    of,
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

test("a commit that a member was trying when it was frozen for longer than its session is tried no more", async () => {
  const { of, clock, run, write, values, last } = world();
  const first = await run("first", { commitIntervalMs: 100 });
  await clock.runUntil(() => first.app.tasks.active.length === 1, 10_000);
  write(1);
  expect(await last(1)).toBe(true);
  let tries = 0;
  of.weather = (request, process) =>
    process === "first" && request === "Produce" && ++tries > 0
      ? { thereMs: 1, backMs: 1, lost: "request" }
      : undefined;
  write(1);
  expect(await clock.runUntil(() => tries > 2, 10_000)).toBe(true);
  // When it runs again the next try comes before it is told that it is no member any more.
  of.weather = (request, process) =>
    process === "first" && request === "Heartbeat" ? { thereMs: 1, backMs: 100, lost: "no" } : undefined;
  first.process.freeze(20_000);
  await run("second", { commitIntervalMs: 100 });
  write(3);
  expect(await last(5)).toBe(true);
  await clock.runFor(20_000);
  expect(values()).toEqual([1, 5]);
});

test("what was on the wire when a member started over does not come behind what it has written since", async () => {
  const { of, clock, run, write, values, last } = world();
  const first = await run("first", { commitIntervalMs: 100 });
  await clock.runUntil(() => first.app.tasks.active.length === 1, 10_000);
  write(1);
  expect(await last(1)).toBe(true);
  let onWire = 0;
  of.weather = (request) =>
    request === "Produce" && ++onWire > 0 ? { thereMs: 20_000, backMs: 1, lost: "no" } : undefined;
  write(1);
  expect(await clock.runUntil(() => onWire > 0, 10_000)).toBe(true);
  of.weather = () => undefined;
  write(1);
  first.process.freeze(10_000);
  expect(await last(3)).toBe(true);
  await clock.runFor(20_000);
  expect(values()).toEqual([1, 3]);
});

/** A clock that counts what is asked of it. */
const counted = (clock: Clock): { readonly clock: Clock; calls: number } => {
  const asked = {
    calls: 0,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      random: () => clock.random(),
      clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
      setTimeout: (callback: () => void, ms: number) => {
        asked.calls++;
        return clock.setTimeout(callback, ms);
      },
      setImmediate: (callback: () => void) => {
        asked.calls++;
        clock.setImmediate(callback);
      },
    },
  };
  return asked;
};

test("a member that waits to be heard sleeps meanwhile", async () => {
  const { of, clock, run, write, values, last } = world();
  const asked = counted(of.cluster.process("first"));
  const { app } = await run("first", {
    clock: asked.clock,
    heartbeatIntervalMs: 2_500,
    commitIntervalMs: 100,
  });
  await clock.runUntil(() => app.tasks.active.length === 1, 10_000);
  write(1);
  expect(await last(1)).toBe(true);
  // Asked 2.5 s after the last that is answered, and given up 2 s later: the second waits when the session has ended.
  let unanswered = 0;
  of.weather = (request) =>
    request === "Heartbeat" && ++unanswered > 0 ? { thereMs: 1, backMs: 60_000, lost: "no" } : undefined;
  expect(await clock.runUntil(() => unanswered === 2, 10_000)).toBe(true);
  write(1);
  await clock.runFor(500);
  expect(app.metrics.processed).toBe(2);
  asked.calls = 0;
  await clock.runFor(1_000);
  expect(values(), "nothing is committed").toEqual([1]);
  expect(asked.calls).toBeLessThan(50);
  of.weather = () => undefined;
  expect(await last(2)).toBe(true);
});
