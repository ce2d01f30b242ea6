import { expect, test } from "vitest";
import {
  type App,
  count,
  createApp,
  groupBy,
  json,
  keyValueStore,
  type Metric,
  MillraceError,
  minutes,
  noHeaders,
  processValues,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
  long,
} from "../../index.ts";
import { silent } from "../../log.ts";
import { simulatedCluster, VirtualClock } from "../../testing/index.ts";
import { metricDefinitions } from "./metric-definitions.ts";

const input = topic("in", { key: string(), value: json<string>() });
const counts = topic("counts", {
  key: windowed(string(), tumbling(minutes(1), { grace: 0 })),
  value: long(),
});
const seen = keyValueStore("seen", { key: string(), value: string() });

/** Both of the sub-topologies have a store. */
const counting = topology(
  "counting",
  stream(input).pipe(
    processValues({
      stores: { seen },
      value: string(),
      create:
        ({ stores, forward }) =>
        ({ key, value, timestamp }) => {
          if (value === "bad") throw new MillraceError("it is bad", { code: "BAD" });
          stores.seen.put(key, value, timestamp);
          forward({ value, timestamp });
        },
    }),
    groupBy((value) => (value === "nobody" ? null : value) as string, { key: string() }),
    windowedBy(tumbling(minutes(1), { grace: 0 })),
    count({ store: "by-minute" }),
    toStream(),
    to(counts),
  ),
);

const newWorld = () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  for (const name of ["in", "counts", "letters"])
    cluster.createTopic({ topic: name, partitions: 2, configs: {} });
  const apps: App[] = [];
  return {
    clock,
    cluster,
    run: async () => {
      const process = cluster.process();
      const app = createApp(counting, {
        transport: cluster.transport(process),
        clock: process,
        log: silent,
        deadLetterTopic: "letters",
        handlers: { processing: () => "deadLetter" },
      });
      apps.push(app);
      await clock.run(app.start(), 60_000);
      return app;
    },
    send: async (values: readonly (readonly [key: string | null, value: string, timestamp: number])[]) => {
      const transport = cluster.transport();
      await clock.run(transport.connect());
      const producer = await clock.run(
        transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" }),
      );
      await clock.run(producer.prepareTopics(["in"]));
      for (const [key, value, timestamp] of values)
        producer.append(
          "in",
          0,
          key === null ? null : Buffer.from(key),
          Buffer.from(JSON.stringify(value)),
          timestamp,
          noHeaders,
        );
      await clock.run(producer.flush());
    },
    stop: async () => {
      for (const app of apps.splice(0)) await clock.run(app.stop(), 60_000);
    },
  };
};

const metric = (app: App, name: string, unit?: string): Metric => {
  const found = app.metrics.collect().find((one) => one.name === name && one.unit === (unit ?? one.unit));
  if (found === undefined) throw new Error(`there is no metric "${name}"`);
  return found;
};

const valueOf = (
  app: App,
  name: string,
  tags: Readonly<Record<string, string>> = {},
  unit?: string,
): number | undefined => {
  const points = metric(app, name, unit).points.filter((point) =>
    Object.entries(tags).every(([tag, value]) =>
      Object.entries(point.tags).some(([t, v]) => t === tag && v === value),
    ),
  );
  return points.length === 0
    ? undefined
    : points.reduce((sum, { value }) => sum + (typeof value === "number" ? value : value.count), 0);
};

test("counts records by task, topic, reason and store, and how old they were", async () => {
  const { clock, run, send, stop } = newWorld();
  const app = await run();
  const now = clock.now();
  await send([
    ["a", "x", now],
    ["b", "y", now + 120_000],
    ["c", "x", now - 600_000],
    ["d", "nobody", now],
    ["e", "bad", now],
  ]);
  expect(await clock.runUntil(() => app.metrics.processed === 5 + 3 && app.metrics.late === 1, 60_000)).toBe(
    true,
  );
  await clock.runFor(1_000);
  expect(valueOf(app, "processed", { task: "0_0", sub_topology: "0" })).toBe(5);
  expect(valueOf(app, "consumed", { topic: "in" }, "records")).toBe(5);
  expect(valueOf(app, "consumed", { topic: "in" }, "bytes")).toBeGreaterThan(0);
  expect(valueOf(app, "sent", { topic: "counting-by-minute-repartition" }, "records")).toBe(3);
  expect(valueOf(app, "sent", { topic: "counts" }, "records")).toBe(2);
  expect(valueOf(app, "dropped", { reason: "null_repartition_key", sub_topology: "0" })).toBe(1);
  expect(valueOf(app, "dropped", { reason: "handler" })).toBe(0);
  expect(valueOf(app, "dead_lettered", { reason: "BAD" })).toBe(1);
  expect(valueOf(app, "dead_lettered", { reason: "DESERIALIZATION" })).toBe(0);
  expect(valueOf(app, "late", { sub_topology: "1" })).toBe(1);
  expect(valueOf(app, "changelogged", { store: "seen" })).toBe(4);
  expect(valueOf(app, "store_entries", { store: "seen", task: "0_0" })).toBe(4);
  expect(valueOf(app, "record_e2e_latency", { sub_topology: "0", at: "source" })).toBe(5);
  expect(valueOf(app, "record_e2e_latency", { sub_topology: "0", at: "sink" })).toBe(3);
  expect(valueOf(app, "record_e2e_latency_max", { sub_topology: "0", at: "source" })).toBeGreaterThanOrEqual(
    600,
  );
  expect(valueOf(app, "record_e2e_latency_max", { sub_topology: "0", at: "source" })).toBeLessThan(610);
  expect(valueOf(app, "record_e2e_latency_min", { sub_topology: "0", at: "source" })).toBe(0);
  expect(valueOf(app, "lag", { topic: "in", partition: "0", task: "0_0" })).toBe(0);
  expect(valueOf(app, "async_calls")).toBe(0);
  await stop();
});

test("tells of commits, requests, turns, rebalances and the state", async () => {
  const { clock, run, send, stop } = newWorld();
  const app = await run();
  expect(valueOf(app, "last_commit_age")).toBeUndefined();
  await send([["a", "x", clock.now()]]);
  await clock.runUntil(() => app.metrics.commits > 0, 60_000);
  const { commits } = app.metrics;
  expect(valueOf(app, "commits")).toBe(commits);
  expect(valueOf(app, "commit_duration")).toBe(commits);
  await clock.runFor(5_000);
  expect(valueOf(app, "last_commit_age")).toBeGreaterThanOrEqual(4);
  expect(valueOf(app, "state", { state: "running" })).toBe(1);
  expect(valueOf(app, "state")).toBe(1);
  expect(valueOf(app, "tasks", { state: "active" })).toBe(4);
  expect(valueOf(app, "rebalances")).toBeGreaterThan(0);
  expect(valueOf(app, "turn_delay")).toBeGreaterThan(0);
  for (const request of ["produce", "sendOffsets", "endTransaction"])
    expect(valueOf(app, "request_duration", { client: "producer", request }), request).toBeGreaterThan(0);
  expect(valueOf(app, "request_duration", { client: "consumer", request: "fetch" })).toBeGreaterThan(0);
  await stop();
  expect(valueOf(app, "state", { state: "stopped" })).toBe(1);
  expect(valueOf(app, "tasks")).toBe(0);
});

test("goes on counting where it was when a task comes back, and counts what is restored by store", async () => {
  const { clock, run, send, stop } = newWorld();
  const first = await run();
  const many = Array.from({ length: 50 }, (_, at) => [`k${at}`, "x", clock.now()] as const);
  await send(many);
  await clock.runUntil(() => first.metrics.processed === 100, 60_000);
  await clock.runFor(1_000);
  await stop();
  expect(first.metrics.processed).toBe(100);
  const second = await run();
  await clock.runUntil(() => valueOf(second, "tasks", { state: "active" }) === 4, 60_000);
  expect(valueOf(second, "restored", { store: "seen" })).toBe(50);
  expect(second.metrics.restored).toBeGreaterThanOrEqual(50);
  expect(valueOf(second, "to_restore")).toBe(0);
  await stop();
});

test("has every metric from the beginning, and every series whose tags are known", () => {
  const cluster = simulatedCluster();
  const app = createApp(counting, { transport: cluster.transport(), log: silent });
  const all = app.metrics.collect();
  expect(all.map(({ name, unit }) => [name, unit])).toEqual(
    metricDefinitions.map(({ name, unit }) => [name, unit]),
  );
  expect(new Set(all.map(({ name, unit }) => `${name}/${unit}`)).size).toBe(all.length);
  expect(valueOf(app, "state", { state: "created" })).toBe(1);
  expect(metric(app, "state").points).toHaveLength(6);
  expect(metric(app, "dropped").points).toHaveLength(2 * 5);
  expect(metric(app, "sent", "records").points.map(({ tags }) => tags["topic"])).toEqual([
    "counting-by-minute-repartition",
    "counts",
  ]);
  for (const { name, tags, points } of all)
    for (const point of points) for (const tag of Object.keys(point.tags)) expect(tags, name).toContain(tag);
});
