import { expect, test } from "vitest";
import {
  count,
  groupByKey,
  long,
  mapAsync,
  mapValues,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../../index.ts";
import { World } from "../../../test/world.ts";

// What a member does while brokers do not answer just one question.

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const finals = topic("finals", { key: windowed(string(), 1_000), value: long() });

const topics = ["in", "out", "finals"];

const closing = topology(
  "closing",
  stream(input).pipe(
    groupByKey(),
    windowedBy(tumbling(1_000, { grace: 0 }), { emit: "finals", closeOnIdle: 2_000 }),
    count({ store: "counts" }),
    toStream(),
    to(finals),
  ),
);

test("a broker that does not say whether an input is idle holds up no record", async () => {
  const world = new World({ partitions: 2, topics });
  const app = await world.running(closing);
  await world.until(() => app.tasks.active.length === 2, 60_000);
  let asked = 0;
  world.weather = (request) => {
    if (request !== "ListOffsets") return undefined;
    asked++;
    return { thereMs: 1, backMs: 50_000, lost: "no" };
  };
  world.cluster.pipe(input, "k", "v", { partition: 0 });
  expect(await world.until(() => asked > 0, 10_000)).toBe(true);
  const { processed } = app.metrics;
  for (const partition of [0, 1]) world.cluster.pipe(input, "k", "v", { partition });
  expect(await world.until(() => app.metrics.processed === processed + 2, 200)).toBe(true);
  await world.clock.run(app.stop({ timeoutMs: 1_000 }), 60_000);
});

test("an answer that an input is idle closes nothing of a task that is another's by now", async () => {
  const world = new World({ partitions: 2, topics });
  let asked = 0;
  world.weather = (request, process) =>
    request === "ListOffsets" && process === "first" && ++asked > 0
      ? { thereMs: 1, backMs: 3_000, lost: "no" }
      : undefined;
  const first = await world.running(closing, {}, world.cluster.process("first"));
  await world.until(() => first.tasks.active.length === 2, 60_000);
  asked = 0;
  for (const partition of [0, 1]) world.cluster.pipe(input, `k${partition}`, "v", { partition });
  expect(await world.until(() => asked > 0, 10_000)).toBe(true);
  // The question of both tasks is on the wire; one of them goes to another member meanwhile.
  const second = await world.running(closing, {}, world.cluster.process("second"));
  expect(await world.until(() => world.cluster.read(finals).length >= 2, 60_000)).toBe(true);
  await world.clock.runFor(20_000);
  expect([first.tasks.active.length, second.tasks.active.length]).toEqual([1, 1]);
  expect(
    world.cluster
      .read(finals)
      .map(({ key, value }) => `${key.key}: ${value}`)
      .toSorted(),
  ).toEqual(["k0: 1", "k1: 1"]);
  await world.clock.run(Promise.all([first.stop(), second.stop()]), 60_000);
});

test("a commit whose end nobody answers holds up neither its successor nor a stop for long", async () => {
  const world = new World({ topics });
  const app = await world.running(topology("copy", stream(input).pipe(to(output))), {
    transactionTimeoutMs: 10_000,
  });
  let ended = 0;
  world.weather = (request) =>
    request === "EndTxn(commit)" && ++ended === 1 ? { thereMs: 1, backMs: 1, lost: "request" } : undefined;
  world.cluster.pipe(input, "k", "a");
  expect(await world.until(() => world.cluster.read(output).length === 1, 5_000)).toBe(true);
  // Now for good.
  world.weather = (request) =>
    request.startsWith("EndTxn") ? { thereMs: 1, backMs: 60_000, lost: "no" } : undefined;
  world.cluster.pipe(input, "k", "b");
  await world.clock.runFor(1_000);
  const begun = world.clock.monotonic();
  await world.clock.run(app.stop({ timeoutMs: 2_000 }), 60_000);
  expect(world.clock.monotonic() - begun).toBeLessThan(5_000);
});

test("a commit lets no more rows into calls that are full than may be under way", async () => {
  const world = new World({ topics });
  let [begun, answer] = [0, (): void => undefined];
  const gate = new Promise<void>((resolve) => (answer = resolve));
  let into = 0;
  const calling = topology(
    "calling",
    stream(input).pipe(
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      mapValues((value) => {
        into++;
        return value;
      }),
      mapAsync(
        async (value) => {
          begun++;
          await gate;
          return String(value);
        },
        { concurrency: 4, value: string() },
      ),
      to(output),
    ),
  );
  const app = await world.running(calling);
  for (let n = 0; n < 500; n++) world.cluster.pipe(input, `k${n}`, "v");
  await world.until(() => begun > 0, 10_000);
  await world.clock.runFor(2_000);
  expect(begun).toBe(4);
  expect(into).toBeLessThan(20);
  answer();
  expect(await world.until(() => world.cluster.read(output).length === 500, 60_000)).toBe(true);
  await world.clock.run(app.stop(), 60_000);
});

test("a task that goes back to its last commit begins anew where somebody else has committed meanwhile", async () => {
  const world = new World({ topics });
  let fails = true;
  const app = await world.running(
    topology(
      "copy",
      stream(input).pipe(
        mapValues((value) => {
          if (value !== "v10" || !fails) return value;
          fails = false;
          world.cluster.brokers
            .group("copy")
            .offsets.commit(
              [{ topic: "in", partition: 0, offset: 7, leaderEpoch: -1, metadata: "" }],
              undefined,
            );
          throw new Error("once");
        }),
        to(output),
      ),
    ),
    { handlers: { processing: () => "retry" } },
  );
  for (let n = 0; n < 10; n++) world.cluster.pipe(input, "k", `v${n}`);
  expect(await world.until(() => world.values().length === 10, 10_000)).toBe(true);
  await world.clock.runFor(1_000);
  world.cluster.pipe(input, "k", "v10");
  expect(await world.until(() => world.values().includes("v10"), 60_000)).toBe(true);
  expect(world.values().slice(10)).toEqual(["v7", "v8", "v9", "v10"]);
  await world.clock.run(app.stop(), 60_000);
});
