import { expect, test } from "vitest";
import {
  createApp,
  count,
  groupByKey,
  long,
  noHeaders,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../index.ts";
import { simulatedCluster } from "../testing/index.ts";

const counting = topology(
  "counting",
  stream(topic("in", { key: string(), value: string() })).pipe(
    groupByKey(),
    windowedBy(tumbling(10, { grace: 5 }), { emit: "finals", closeOnIdle: 60_000 }),
    count({ store: "counts" }),
    toStream(),
    to(topic("out", { key: windowed(string(), 10), value: long() })),
  ),
);

test("a reset of the offsets by hand, which loses how far windows were closed, repeats no final", async () => {
  const cluster = simulatedCluster();
  const client = cluster.transport();
  await client.createTopics(["in", "out"].map((name) => ({ topic: name, partitions: 1, configs: {} })));
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["in"]);
  const send = async (key: string, timestamp: number): Promise<void> => {
    producer.append("in", 0, Buffer.from(key), Buffer.from(""), timestamp, noHeaders);
    await producer.flush();
  };
  const coordinator = client.groupCoordinator("counting");
  const read = { topic: "in", partition: 0 };
  /** Runs the application until it has committed that offset; answers where the output ends then. */
  const runTo = async (offset: number): Promise<number | undefined> => {
    const app = createApp(counting, { transport: cluster.transport(), commitIntervalMs: 1 });
    await app.start();
    await expect.poll(async () => (await coordinator.fetchOffsets([read]))[0]?.offset).toBe(offset);
    await app.stop();
    const [end] = await client.listOffsets([{ topic: "out", partition: 0 }], "latest", true);
    return end?.offset;
  };

  await send("a", 1);
  await send("b", 2);
  await send("a", 16);
  const end = await runTo(3);
  expect(end).toBeGreaterThan(0);
  const { memberId, generationId } = await coordinator.join({
    memberId: "",
    groupInstanceId: null,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocols: [{ name: "by hand", metadata: Buffer.alloc(0) }],
  });
  const membership = { groupId: "counting", generationId, memberId, groupInstanceId: null };
  await coordinator.sync(membership, [{ memberId, assignment: Buffer.alloc(0) }]);
  await coordinator.commitOffsets(membership, [{ ...read, offset: 0, leaderEpoch: -1, metadata: "" }]);
  await coordinator.leave(membership);
  expect(await runTo(3)).toBe(end);
  // What is still open closes as ever.
  await send("a", 26);
  expect(await runTo(4)).toBeGreaterThan(end ?? 0);
  await producer.close();
  cluster.close();
});
