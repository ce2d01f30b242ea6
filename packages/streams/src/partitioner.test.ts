import { afterEach, describe, expect, test } from "vitest";
import {
  type App,
  count,
  createApp,
  groupByKey,
  long,
  nullable,
  type Partitioner,
  repartition,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "./index.ts";
import { simulatedCluster, TestDriver } from "./testing/index.ts";

const input = topic("in", { key: nullable(string()), value: string() });
const output = topic("out", { key: nullable(string()), value: string() });
const other = topic("other", { key: nullable(string()), value: string() });

/** The value says where to. */
const byValue: Partitioner<string | null, string> = (value, _key, _record, partitions) =>
  value === "default"
    ? undefined
    : value === "all"
      ? Array.from({ length: partitions }, (_, partition) => partition)
      : value === "none"
        ? []
        : Number(value);

const driverOf = (...options: ConstructorParameters<typeof TestDriver>): TestDriver =>
  new TestDriver(options[0], { partitions: { out: 3, other: 2 }, ...options[1] });

const sent = (driver: TestDriver): readonly string[] =>
  driver.produced.map(({ topic: name, partition, value }) => `${name}-${partition} ${value?.toString()}`);

describe("a partitioner of a sink", () => {
  const plain = topology("plain", stream(input).pipe(to(output, { partitioner: byValue })));

  test("sends a record to the partition that it chooses, to several, or to that of the key", () => {
    const driver = driverOf(plain);
    for (const value of ["2", "all", "default"]) driver.pipeInput(input, "k", value, 1);
    expect(sent(driver)).toEqual(["out-2 2", "out-0 all", "out-1 all", "out-2 all", "out-2 default"]);
  });

  test("leaves a record out for which it chooses none, and counts it", () => {
    const driver = driverOf(plain);
    driver.pipeInput(input, "k", "none", 1);
    expect(sent(driver)).toEqual([]);
    expect(driver.metrics.noPartition).toBe(1);
  });

  test("fails for a partition that the topic does not have, at that record", () => {
    for (const value of ["3", "-1", "0.5"])
      expect(() => driverOf(plain).pipeInput(input, "k", value, 1)).toThrow(
        /the partitioner chose partition \S+ of "out", which has \[0, 3\) \(at in-0 offset 0\)/,
      );
    const driver = driverOf(plain, { handlers: { processing: () => "skip" } });
    for (const value of ["3", "1"]) driver.pipeInput(input, "k", value, 1);
    expect(sent(driver)).toEqual(["out-1 1"]);
  });

  test("is told how many partitions the topic has that was chosen", () => {
    const driver = driverOf(
      topology(
        "one-of",
        stream(input).pipe(to((_value, key) => (key === "o" ? other : output), { partitioner: byValue })),
      ),
    );
    driver.pipeInput(input, "k", "all", 1);
    driver.pipeInput(input, "o", "all", 1);
    expect(sent(driver)).toEqual(["out-0 all", "out-1 all", "out-2 all", "other-0 all", "other-1 all"]);
  });
});

describe("a partitioner of a repartition", () => {
  const counts = topic("counts", { key: string(), value: long() });
  const repartitioned = topology(
    "again",
    stream(input).pipe(
      repartition({ name: "again", partitions: 2, partitioner: byValue }),
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      to(counts),
    ),
  );

  test("sends what goes through the topic where it says, and drops what it sends nowhere", () => {
    const driver = driverOf(repartitioned);
    for (const value of ["1", "all", "none", "default"]) driver.pipeInput(input, "k", value, 1);
    expect(sent(driver).filter((line) => line.startsWith("again-again"))).toEqual([
      "again-again-repartition-1 1",
      "again-again-repartition-0 all",
      "again-again-repartition-1 all",
      "again-again-repartition-0 default",
    ]);
    expect(driver.metrics.noPartition).toBe(1);
  });

  test("fails, as that of a sink, at the record, and the processing handler decides", () => {
    expect(() => driverOf(repartitioned).pipeInput(input, "k", "7", 1)).toThrow(
      /"repartition" failed: the partitioner chose partition 7 of "again-repartition", which has \[0, 2\) \(at in-0 offset 0\)/,
    );
    const driver = driverOf(repartitioned, {
      handlers: { processing: () => "skip", production: () => "fail" },
    });
    for (const value of ["7", "1"]) driver.pipeInput(input, "k", value, 1);
    expect(sent(driver).filter((line) => line.startsWith("again-again"))).toEqual([
      "again-again-repartition-1 1",
    ]);
  });

  const apps: App[] = [];
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.stop())));

  test("decides which task has a key, on a cluster", async () => {
    const cluster = simulatedCluster();
    const client = cluster.transport();
    await client.createTopics(["in", "counts"].map((name) => ({ topic: name, partitions: 1, configs: {} })));
    const app = createApp(repartitioned, { transport: cluster.transport(), commitIntervalMs: 5 });
    apps.push(app);
    await app.start();
    const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    await producer.prepareTopics(["in"]);
    for (const value of ["0", "1", "all", "none"])
      producer.append("in", 0, Buffer.from("k"), Buffer.from(value), 1, []);
    await producer.flush();
    await producer.close();
    const endOf = async (partition: number): Promise<number | undefined> => {
      const at = await client.listOffsets([{ topic: "again-counts-changelog", partition }], "latest", true);
      return at[0]?.offset;
    };
    // A record each, and the mark of its transaction: the key is in both partitions.
    await expect.poll(() => endOf(0)).toBeGreaterThanOrEqual(2);
    await expect.poll(() => endOf(1)).toBeGreaterThanOrEqual(2);
    await expect.poll(() => app.metrics.noPartition).toBe(1);
  });
});
