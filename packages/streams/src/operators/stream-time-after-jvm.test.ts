import { expect, test } from "vitest";
import {
  count,
  createApp,
  groupByKey,
  map,
  nullable,
  sessions,
  type Sink,
  sliding,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  windowedBy,
} from "../index.ts";
import { encodeOffsetMetadata } from "../runtime/topics/offset-metadata.ts";
import { simulatedCluster } from "../testing/index.ts";
import { noHeaders } from "../record.ts";

const grace = { grace: 5 };
const input = stream(topic("in", { key: string(), value: string() }));
const out = topic("out", { key: string(), value: nullable(string()) });
const told = (sink: Sink): Topology => topology("app", sink);

/**
 * The application runs, a JVM application commits after it, as it would with what it knows, and it runs again on one more
 * record; how many results that one made.
 */
const resultsOf = async (
  app: Topology,
  before: readonly number[],
  theirs: ReadonlyMap<string, number>,
  after: number,
): Promise<number> => {
  const cluster = simulatedCluster();
  const client = cluster.transport();
  await client.createTopics(["in", "out"].map((name) => ({ topic: name, partitions: 1, configs: {} })));
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["in"]);
  const send = async (timestamp: number): Promise<void> => {
    producer.append("in", 0, Buffer.from("a"), Buffer.from(""), timestamp, noHeaders);
    await producer.flush();
  };
  const coordinator = client.groupCoordinator("app");
  const read = { topic: "in", partition: 0 };
  /** Runs it until it has committed that offset; answers where the output ends then. */
  const runTo = async (offset: number): Promise<number> => {
    const running = createApp(app, { transport: cluster.transport(), commitIntervalMs: 1 });
    await running.start();
    await expect.poll(async () => (await coordinator.fetchOffsets([read]))[0]?.offset).toBe(offset);
    await running.stop();
    const [end] = await client.listOffsets([{ topic: "out", partition: 0 }], "latest", true);
    return end?.offset ?? 0;
  };

  for (const timestamp of before) await send(timestamp);
  await runTo(before.length);
  const { memberId, generationId } = await coordinator.join({
    memberId: "",
    groupInstanceId: null,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocols: [{ name: "stream", metadata: Buffer.alloc(0) }],
  });
  const membership = { groupId: "app", generationId, memberId, groupInstanceId: null };
  await coordinator.sync(membership, [{ memberId, assignment: Buffer.alloc(0) }]);
  const [metadata = ""] = encodeOffsetMetadata([Math.max(...before)], theirs);
  await coordinator.commitOffsets(membership, [
    { ...read, offset: before.length, leaderEpoch: -1, metadata },
  ]);
  await coordinator.leave(membership);
  const [marks] = await client.listOffsets([{ topic: "out", partition: 0 }], "latest", true);
  await send(after);
  const end = await runTo(before.length + 1);
  await producer.close();
  cluster.close();
  return end - (marks?.offset ?? 0);
};

const nothing = new Map<string, number>();
const asText = map(
  (value: number | null, { key }: { readonly key: string }) => [key, String(value)] as const,
);

const windows: Readonly<Record<string, Topology>> = {
  tumbling: told(
    input.pipe(
      groupByKey(),
      windowedBy(tumbling(10, grace)),
      count({ store: "n" }),
      toStream(),
      asText,
      to(out),
    ),
  ),
  sliding: told(
    input.pipe(
      groupByKey(),
      windowedBy(sliding(9, grace)),
      count({ store: "n" }),
      toStream(),
      asText,
      to(out),
    ),
  ),
  session: told(
    input.pipe(
      groupByKey(),
      windowedBy(sessions(5, grace)),
      count({ store: "n" }),
      toStream(),
      asText,
      to(out),
    ),
  ),
};

test.for(Object.keys(windows))(
  "%s windows that a JVM application's records have closed stay closed",
  async (name) => {
    const app = windows[name] as Topology;
    expect(await resultsOf(app, [1, 40], nothing, 2)).toBe(0);
    expect(await resultsOf(app, [1, 40], nothing, 41)).toBeGreaterThan(0);
  },
);

test("finals: what it says of the windows that it has closed counts, too", async () => {
  const app = told(
    input.pipe(
      groupByKey(),
      windowedBy(tumbling(10, grace), { emit: "finals" }),
      count({ store: "n", retention: 10_000 }),
      toStream(),
      asText,
      to(out),
    ),
  );
  expect(await resultsOf(app, [1], new Map([["n", 80]]), 50)).toBe(0);
});
