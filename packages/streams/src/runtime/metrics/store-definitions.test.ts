import { expect, test } from "vitest";
import { MemoryByteStore } from "../../testing/memory-byte-store.ts";
import { openStore } from "../../state/open-store.ts";
import {
  count,
  groupByKey,
  joinStore,
  keyValueStore,
  sessionStore,
  stream,
  string,
  topic,
  topology,
  versionedStore,
  windowStore,
} from "../../index.ts";
import { AppMetrics } from "./app-metrics.ts";
import type { MetricPoint } from "./metric.ts";
import { nothingObserved } from "./observed.ts";

const counting = topology(
  "counting",
  stream(topic("in", { key: string(), value: string() })).pipe(groupByKey(), count({ store: "counts" })),
);

const metrics = new AppMetrics(counting, { now: () => 0 }, "counting");
const points = (name: string): readonly MetricPoint[] =>
  metrics.collect().find((metric) => metric.name === name)?.points ?? [];

test("tells how far each restore is, and what standbys have read and lack", () => {
  expect(points("restore_progress")).toEqual([]);
  expect(points("standby_lag")).toEqual([]);
  expect(points("standby_updated")).toEqual([{ tags: { store: "counts" }, value: 0 }]);
  metrics.observed = {
    ...nothingObserved,
    restores: [
      { taskId: "0_0", store: "counts", restored: 30, remaining: 10 },
      { taskId: "0_1", store: "counts", restored: 0, remaining: 0 },
    ],
    followed: [{ taskId: "0_2", store: "counts", lag: 7 }],
  };
  metrics.task("0_2").updated.of("counts").records += 5;
  expect(points("restore_progress")).toEqual([
    { tags: { store: "counts", task: "0_0" }, value: 0.75 },
    { tags: { store: "counts", task: "0_1" }, value: 1 },
  ]);
  expect(points("to_restore")).toEqual([{ tags: { store: "counts" }, value: 10 }]);
  expect(points("standby_lag")).toEqual([{ tags: { store: "counts", task: "0_2" }, value: 7 }]);
  expect(points("standby_updated")).toEqual([{ tags: { store: "counts" }, value: 5 }]);
});

test("counts how often a store above a byte store has in memory what is looked for", () => {
  const serdes = { key: string(), value: string() };
  const lookups = metrics.task("0_0").lookupsOf("counts");
  expect(metrics.task("0_0").lookupsOf("counts")).toBe(lookups);
  const hooks = {
    timestamp: () => 1,
    writeThrough: false,
    expireInChangelog: true,
    bytes: new MemoryByteStore(),
    lookups,
    refused: (error: Error) => {
      throw error;
    },
    write: () => undefined,
  };
  const keyValue = openStore(keyValueStore("counts", serdes), hooks);
  keyValue.put("a", "1", 1);
  keyValue.get("a");
  keyValue.get("b");
  expect(lookups).toEqual({ hits: 1, misses: 2 });
  const window = openStore(windowStore("counts", { ...serdes, windowSize: 5, retention: 1_000 }), hooks);
  window.put("a", 0, "1", 1);
  window.fetch("a", 0);
  expect(lookups).toEqual({ hits: 2, misses: 2 });
  // Nowhere, which is known without looking below.
  for (const start of [0, 5]) window.fetch("b", start);
  expect(lookups).toEqual({ hits: 2, misses: 2 });
  const session = openStore(sessionStore("counts", { ...serdes, retention: 1_000 }), hooks);
  for (let looks = 0; looks < 3; looks++) session.rows("a", 0, 10);
  expect(lookups).toEqual({ hits: 2, misses: 3 });
  session.put("a", 0, 1, "1", 1);
  session.rows("a", 0, 10);
  expect(lookups).toEqual({ hits: 3, misses: 3 });
  const join = openStore(joinStore("counts", { ...serdes, retention: 1_000 }), hooks);
  void [...join.fetch("a", 0, 10), ...join.fetch("a", 0, 10)];
  const versioned = openStore(versionedStore("counts", { ...serdes, historyRetention: 1_000 }), hooks);
  versioned.put("a", "1", 1);
  versioned.get("a");
  expect(lookups).toEqual({ hits: 4, misses: 5 });
  expect([...points("store_cache_hits"), ...points("store_cache_misses")]).toEqual([
    { tags: { store: "counts" }, value: lookups.hits },
    { tags: { store: "counts" }, value: lookups.misses },
  ]);
  const inMemory = { ...hooks, bytes: undefined, lookups: { hits: 0, misses: 0 } };
  const memory = openStore(keyValueStore("counts", serdes), inMemory);
  memory.put("a", "1", 1);
  memory.get("a");
  memory.get("b");
  expect(inMemory.lookups).toEqual({ hits: 0, misses: 0 });
});
