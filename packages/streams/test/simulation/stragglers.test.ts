import { expect, test } from "vitest";
import { long, string, topic } from "../../src/index.ts";
import { simulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { Stragglers } from "./stragglers.ts";

const counts = topic("counts-changelog", { key: string(), value: long() });

const written = (guarantee: "exactly_once" | "at_least_once", ...values: readonly number[]): Stragglers => {
  const cluster = simulatedCluster({ clock: new VirtualClock() });
  cluster.createTopic({ topic: counts.name, partitions: 1, configs: {} });
  const stragglers = new Stragglers(() => cluster.brokers, guarantee);
  for (const value of values) cluster.pipe(counts, "k", value);
  cluster.pipe(counts, "other", 1);
  const wrote = { topic: counts.name, partition: 0, offset: values.length - 1 };
  stragglers.take({ process: "a1", request: "Produce", wrote });
  return stragglers;
};

const isA2 = (process: string): boolean => process === "a2";

test("excuses the key of a count that came late behind a greater one", () => {
  const stragglers = written("at_least_once", 5, 4);
  expect([...stragglers.olderIn(counts.name)]).toEqual(["k"]);
  expect([...stragglers.olderFor("any output")]).toEqual(["k"]);
});

test("excuses nothing of what came late and in order, and nothing where there are transactions", () => {
  for (const stragglers of [written("at_least_once", 4, 5), written("exactly_once", 5, 4)]) {
    expect([...stragglers.olderIn(counts.name)]).toEqual([]);
    expect([...stragglers.olderFor("any output")]).toEqual([]);
  }
});

test("a late join of an earlier life excuses that the next one was fenced, once", async () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  const stragglers = new Stragglers(() => cluster.brokers);
  await clock.runFor(1_000);
  stragglers.take({ process: "a2", request: "JoinGroup" });
  stragglers.take({ process: "a2", request: "Heartbeat" });
  expect(
    stragglers.hasFenced("b1", 0, (process) => process === "b0"),
    "of another member",
  ).toBe(false);
  expect(stragglers.hasFenced("a3", 1_500, isA2), "before it began").toBe(false);
  expect(stragglers.hasFenced("a3", 500, isA2)).toBe(true);
  expect(stragglers.hasFenced("a3", 500, isA2)).toBe(false);
  expect(stragglers.fenced).toHaveLength(1);
});
