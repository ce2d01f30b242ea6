import { expect, test } from "vitest";
import { foreach, keyValueStore, long, noHeaders, stream, string, topic, topology } from "../../index.ts";
import { openStore } from "../../state/open-store.ts";
import type { StateStore } from "../../state/state-store.ts";
import { simulatedCluster, VirtualClock } from "../../testing/index.ts";
import { AppMetrics } from "../metrics/app-metrics.ts";
import { Restorer } from "./restorer.ts";

const definition = keyValueStore("counts", { key: string(), value: long() });
const nothing = topology(
  "nothing",
  stream(topic("in", { key: string(), value: string() })).pipe(foreach(() => undefined)),
);
const partitions = 20;
/** What one chunk costs, ms: more than there is for a slice. */
const chunkMs = 20.03125;

test("a restore of many changelogs ends each slice after its time, not after a chunk of each", async () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  const process = cluster.process();
  const transport = cluster.transport(process);
  await clock.run(transport.connect());
  cluster.createTopic({ topic: "changelog", partitions, configs: {} });
  const producer = await clock.run(
    transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" }),
  );
  await clock.run(producer.prepareTopics(["changelog"]));
  for (let partition = 0; partition < partitions; partition++)
    for (let n = 0; n < 10; n++)
      producer.append(
        "changelog",
        partition,
        Buffer.from(`k${n}`),
        long().serialize(n),
        clock.now(),
        noHeaders,
      );
  await clock.run(producer.flush());

  const metrics = new AppMetrics(nothing, clock, "nothing");
  const took: unknown[] = [];
  const restorer = new Restorer({
    transport,
    clock: process,
    log: (_level, message, fields) => void (message.startsWith("restored") && took.push(fields?.["tookMs"])),
    metrics,
    onAvailable: () => undefined,
  });
  const stores = Array.from({ length: partitions }, () => slow(openStore(definition, hooks), process));
  const restored = Promise.all(
    stores.map((store, partition) =>
      restorer.restore({ task: `0_${partition}`, store, topic: "changelog", partition, from: 0, end: 10 }),
    ),
  );
  await clock.runFor(1_000);
  const slices: number[] = [];
  for (let more = true; more;) {
    const begun = process.monotonic();
    more = restorer.work(begun + 15);
    slices.push(process.monotonic() - begun);
    await clock.runFor(100);
  }
  await clock.run(restored);
  expect(metrics.restored).toBe(10 * partitions);
  expect(Math.max(...slices)).toBeLessThanOrEqual(chunkMs);
  expect(slices.length).toBeGreaterThanOrEqual(partitions);
  await clock.run(restorer.close());
  // Whole milliseconds, whatever the clock's are.
  expect(took).toEqual([expect.any(Number)]);
  expect(took.every(Number.isInteger)).toBe(true);
});

const hooks = {
  timestamp: () => 0,
  streamTime: () => 0,
  writeThrough: false,
  expireInChangelog: true,
  refused: (error: unknown) => {
    throw error;
  },
  write: () => undefined,
  bytes: undefined,
};

/** The store, in a process that needs its time for each chunk. */
const slow = (store: StateStore, process: { freeze(ms: number): void }): StateStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === "restore")
        return (...chunk: Parameters<StateStore["restore"]>) => {
          process.freeze(chunkMs);
          return target.restore(...chunk);
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
