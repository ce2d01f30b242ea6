import { expect, test } from "vitest";
import { count, groupByKey, stream, string, topic, topology } from "../../index.ts";
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
