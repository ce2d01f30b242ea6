import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type AppOptions,
  count,
  groupBy,
  groupByKey,
  long,
  merge,
  type MillraceError,
  stream,
  string,
  to,
  type Topic,
  topic,
  topology,
  type Topology,
  toStream,
} from "../../index.ts";
import {
  simulatedCluster,
  type SimulatedCluster,
} from "../../testing/simulated-cluster/simulated-cluster.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { appSettings } from "../settings/app-settings.ts";
import type { TopicPlan } from "./plan.ts";
import { outdatedTasks } from "./outdated-tasks.ts";
import { prepareTopics } from "./prepare-topics.ts";
import { TopicWatch } from "./topic-watch.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const out = topic("out", { key: string(), value: long() });
const copying = topology("app", stream(texts("in")).pipe(to(texts("out"))));
const counting = topology(
  "app",
  stream(texts("in")).pipe(groupByKey(), count({ store: "c" }), toStream(), to(out)),
);
const regrouping = topology(
  "app",
  stream(texts("in")).pipe(
    groupBy((value) => value, { key: string() }),
    count({ store: "c" }),
    toStream(),
    to(out),
  ),
);

const metadataMaxAgeMs = 60_000;

let clock: VirtualClock;
let cluster: SimulatedCluster;
let watch: TopicWatch;
let watched: Topology;
let before: TopicPlan;
let plans: TopicPlan[];
let errors: MillraceError[];

const create = (name: string, partitions: number): void =>
  cluster.createTopic({ topic: name, partitions, configs: {} });

/** Watches the topics of an application, after it has made its own. */
const open = async (
  what: Topology,
  options: Partial<Pick<AppOptions, "onTopicRecreated" | "deadLetterTopic" | "lateTopic">> = {},
) => {
  watched = what;
  const process = cluster.process();
  const transport = cluster.transport(process);
  await clock.run(transport.connect());
  const settings = appSettings({ transport, clock: process, metadataMaxAgeMs, ...options }, watched.name);
  before = await clock.run(prepareTopics(watched, settings));
  watch = new TopicWatch(watched, settings, before, {
    changed: (changed) => plans.push(changed),
    failed: (error) => errors.push(error),
  });
  watch.start();
};

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  create("in", 2);
  create("out", 2);
  plans = [];
  errors = [];
});

afterEach(() => {
  watch.close();
  cluster.close();
});

test("says nothing while nothing changes", async () => {
  await open(counting);
  await clock.runFor(5 * metadataMaxAgeMs);
  expect(plans).toEqual([]);
  expect(errors).toEqual([]);
});

describe("a source with new partitions", () => {
  test("is taken up where nothing is kept", async () => {
    await open(copying);
    cluster.brokers.addPartitions("in", 5);
    await clock.runFor(metadataMaxAgeMs + 1_000);
    expect(plans.map(({ tasks }) => tasks)).toEqual([[5]]);
    await clock.runFor(2 * metadataMaxAgeMs);
    expect(plans).toHaveLength(1);
  });

  test("is taken up at once where somebody asks", async () => {
    await open(copying);
    cluster.brokers.addPartitions("in", 5);
    await clock.run(watch.look());
    expect(plans.map(({ tasks }) => tasks)).toEqual([[5]]);
  });

  test("is taken up before a repartition topic, which stays as it is", async () => {
    await open(regrouping);
    cluster.brokers.addPartitions("in", 5);
    await clock.run(watch.look());
    expect(plans[0]?.tasks.toSorted()).toEqual([2, 5]);
    expect(plans[0]?.partitions.get("app-c-repartition")).toBe(2);
    expect(errors).toEqual([]);
  });

  test("ends an application that keeps state by its partitions, with what to do", async () => {
    await open(counting);
    cluster.brokers.addPartitions("in", 3);
    await clock.runFor(3 * metadataMaxAgeMs);
    expect(errors).toEqual([
      expect.objectContaining({
        code: "PARTITIONS_ADDED",
        message: expect.stringMatching(/"in" has 3 partitions now instead of 2.*app-c-changelog/),
      }),
    ]);
    expect(plans).toEqual([]);
  });
});

test("a source that grows beside a greater one is taken up by tasks that run already", async () => {
  create("greater", 4);
  const merging = stream(texts("in")).pipe(merge(stream(texts("greater"))), to(texts("out")));
  await open(topology("app", merging));
  cluster.brokers.addPartitions("in", 3);
  await clock.run(watch.look());
  expect(errors).toEqual([]);
  expect(plans.map((changed) => outdatedTasks(watched, "app", before, changed))).toEqual([["0_2"]]);
});

describe("a pattern", () => {
  const matching = stream(/orders-.*/, { key: string(), value: string() });
  test("takes up topics that come, and leaves those that go", async () => {
    create("orders-de", 2);
    await open(topology("app", matching.pipe(to(texts("out")))));
    expect(before.matched).toEqual(["orders-de"]);
    create("orders-fr", 3);
    create("other", 1);
    await clock.run(watch.look());
    cluster.brokers.deleteTopic("orders-de");
    await clock.run(watch.look());
    expect(plans.map(({ matched }) => matched)).toEqual([["orders-de", "orders-fr"], ["orders-fr"]]);
    expect(plans.map(({ tasks }) => tasks)).toEqual([[3], [3]]);
    expect(plans.map((changed) => outdatedTasks(watched, "app", before, changed))).toEqual([
      ["0_0", "0_1"],
      ["0_0", "0_1"],
    ]);
    expect(errors).toEqual([]);
  });

  test("makes what state needs when the first topic comes", async () => {
    await open(
      topology(
        "app",
        matching.pipe(
          groupBy((value) => value, { key: string() }),
          count({ store: "c" }),
          toStream(),
          to(out),
        ),
      ),
    );
    expect(before.internal).toEqual([]);
    create("orders-de", 3);
    await clock.run(watch.look());
    expect(plans.map(({ tasks }) => tasks)).toEqual([[3, 3]]);
    expect([...(plans[0]?.fresh ?? [])].toSorted()).toEqual([
      "app-c-changelog",
      "app-c-repartition",
      "orders-de",
    ]);
    expect(plans[0]?.topicIds.has("app-c-changelog")).toBe(true);
  });

  test("ends an application whose state needs equal numbers of partitions, with what to do", async () => {
    create("orders-de", 2);
    await open(topology("app", matching.pipe(groupByKey(), count({ store: "c" }), toStream(), to(out))));
    create("orders-fr", 3);
    await clock.run(watch.look());
    expect(errors).toEqual([expect.objectContaining({ code: "COPARTITION" })]);
  });

  test("leaves the application's own topics, and those for dead letters and late records, alone", async () => {
    create("letters", 1);
    create("late", 1);
    create("mine", 2);
    await open(
      topology(
        "app",
        stream(/app-.*|letters|late|mine/, { key: string(), value: string() }).pipe(
          groupByKey(),
          count({ store: "c" }),
          toStream(),
          to(out),
        ),
      ),
      { deadLetterTopic: "letters", lateTopic: "late" },
    );
    await clock.run(watch.look());
    expect(before.matched).toEqual(["mine"]);
    expect(plans).toEqual([]);
  });
});

test("new partitions of a sink are used", async () => {
  await open(counting);
  cluster.brokers.addPartitions("out", 4);
  await clock.run(watch.look());
  expect(plans[0]?.partitions.get("out")).toBe(4);
});

test.for(["in", "out", "app-c-changelog"])("a deleted topic ends the application: %s", async (name) => {
  await open(counting);
  cluster.brokers.deleteTopic(name);
  await clock.runFor(2 * metadataMaxAgeMs);
  expect(errors).toEqual([
    expect.objectContaining({ code: "TOPIC_DELETED", message: expect.stringContaining(`"${name}"`) }),
  ]);
});

test.for(["in", "app-c-changelog"])("a topic that was made anew is told by its id: %s", async (name) => {
  await open(counting, { onTopicRecreated: "restart" });
  cluster.brokers.deleteTopic(name);
  create(name, 2);
  await clock.runFor(2 * metadataMaxAgeMs);
  expect(errors).toEqual([
    expect.objectContaining({
      code: "TOPIC_RECREATED",
      message: expect.stringContaining(`"${name}"`),
      retriable: name === "in",
    }),
  ]);
});

test("a sink that was made anew is written to", async () => {
  await open(counting);
  cluster.brokers.deleteTopic("out");
  create("out", 2);
  await clock.run(watch.look());
  expect(errors).toEqual([]);
  expect(plans).toHaveLength(1);
});

test("a topic that is missing for a moment is looked for again", async () => {
  await open(counting);
  cluster.brokers.deleteTopic("out");
  const looked = watch.look();
  await clock.runFor(1_000);
  create("out", 2);
  await clock.run(looked);
  expect(errors).toEqual([]);
});

test("nothing is told after it was closed", async () => {
  await open(counting);
  cluster.brokers.deleteTopic("in");
  watch.close();
  await clock.runFor(3 * metadataMaxAgeMs);
  expect(errors).toEqual([]);
});
