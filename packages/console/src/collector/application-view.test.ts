import type { ApplicationStatus } from "@millrace/service";
import type { TopologyGraph } from "@millrace/streams";
import { expect, test } from "vitest";
import { applicationView } from "./application-view.ts";
import { CounterRates } from "./counter-rates.ts";
import { MemberSample } from "./member-sample.ts";
import { parsePrometheus } from "./prometheus-text.ts";
import { seriesKey } from "./series-key.ts";

const graph: TopologyGraph = {
  nodes: [],
  edges: [],
  topics: [],
  stores: [
    { name: "counts", kind: "keyValue", subTopology: 0, changelogTopic: undefined },
    { name: "rates", kind: "keyValue", subTopology: undefined, changelogTopic: undefined },
  ],
};

const statusOf = (
  pid: number,
  tasks: ApplicationStatus["tasks"],
  state: "running" | "error",
): ApplicationStatus => ({
  application: "counting",
  deadLetterTopic: "counting.dead-letter",
  state,
  ready: state === "running",
  waitsFor: state === "running" ? [] : [`counting is ${state}`],
  failure: state === "running" ? null : { message: `no disk at ${pid}`, code: "IO" },
  tasks,
  lag: [],
  restores: [],
  stores: [],
});

const textAt = (task: string, second: number): string =>
  [
    `millrace_processed_records_total{application="counting",task="${task}",sub_topology="0"} ${100 * second}`,
    `millrace_processed_records_total{application="other",task="${task}",sub_topology="0"} ${999 * second}`,
    `millrace_forwarded_records_total{application="counting",node="filter",sub_topology="0"} ${50 * second}`,
    `millrace_consumed_records_total{application="counting",topic="clicks",sub_topology="0"} ${100 * second}`,
    `millrace_lag_records{application="counting",topic="clicks",partition="0",task="${task}"} 7`,
    `millrace_store_entries{application="counting",store="counts",task="${task}"} 5`,
    `millrace_store_entries{application="counting",store="rates",task="global"} 3`,
    `millrace_commit_duration_seconds_sum{application="counting"} ${0.02 * second}`,
    `millrace_commit_duration_seconds_count{application="counting"} ${2 * second}`,
    `millrace_last_commit_age_seconds{application="counting"} ${second}`,
    `millrace_dead_lettered_records_total{application="counting",reason="BAD"} 1`,
    `millrace_late_records_total{application="counting",task="${task}",sub_topology="0"} 2`,
  ].join("\n");

const member = (pid: number, status: ApplicationStatus, task: string): MemberSample => {
  const rates = new CounterRates();
  for (const second of [1, 2])
    rates.add(
      second * 1_000,
      new Map(parsePrometheus(textAt(task, second), "millrace_").map((one) => [seriesKey(one), one.value])),
    );
  const process = { host: "node", pid, startedAt: 0, version: "1" };
  const samples = parsePrometheus(textAt(task, 2), "millrace_");
  return new MemberSample(`http://node:${pid}`, process, status, samples, rates);
};

const task = (partition: number, state: "active" | "standby" | "restoring", stateLag = 0) => ({
  id: `0_${partition}`,
  subTopology: 0,
  partition,
  state,
  behind: null,
  stateLag,
});

test("adds up what the members of an application say", () => {
  const view = applicationView("counting", graph, [
    member(1, statusOf(1, [task(0, "active"), task(1, "standby", 4)], "running"), "0_0"),
    member(2, statusOf(2, [task(1, "active")], "running"), "0_1"),
  ]);
  expect(view).toMatchObject({
    state: "running",
    processed: 200,
    lag: 14,
    lagByTopic: { clicks: 14 },
    rates: { forwarded: { filter: 100 }, consumed: { "0 clicks": 200 } },
    losses: { late: 4, deadLettered: { BAD: 2 } },
    lastCommitMs: 2_000,
    waitsFor: [],
  });
  expect(view.commitMs).toBeCloseTo(10);
  // Of a global table every member has all.
  expect(view.stores.map(({ name, entries }) => [name, entries])).toEqual([
    ["counts", 10],
    ["rates", 3],
  ]);
  expect(view.tasks).toEqual([
    {
      id: "0_0",
      subTopology: 0,
      partition: 0,
      state: "active",
      active: "http://node:1",
      standbys: [],
      lag: 7,
      processed: 100,
    },
    {
      id: "0_1",
      subTopology: 0,
      partition: 1,
      state: "active",
      active: "http://node:2",
      standbys: [{ url: "http://node:1", stateLag: 4 }],
      lag: 7,
      processed: 100,
    },
  ]);
});

test("shows the gravest state, and a task that nobody works on", () => {
  const view = applicationView("counting", graph, [
    member(1, statusOf(1, [task(0, "restoring"), task(1, "standby", 0)], "running"), "0_0"),
    member(2, statusOf(2, [], "error"), "0_1"),
  ]);
  expect(view.state).toBe("error");
  expect(view.waitsFor).toEqual(["counting is error"]);
  expect(view.members.map(({ failure }) => failure)).toEqual([undefined, "no disk at 2"]);
  expect(view.tasks.map(({ id, state, active }) => [id, state, active])).toEqual([
    ["0_0", "restoring", "http://node:1"],
    ["0_1", "unassigned", undefined],
  ]);
});

test("an application that nobody answers for is out of reach", () => {
  expect(applicationView("counting", graph, [])).toMatchObject({
    state: "unreachable",
    processed: 0,
    tasks: [],
  });
});
