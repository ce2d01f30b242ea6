import { afterEach, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  createApp,
  mapAsync,
  noHeaders,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
} from "../../index.ts";
import { simulatedCluster } from "../../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

const cluster = simulatedCluster();
const client = cluster.transport();
const apps: App[] = [];

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop()));
});

const running = async (what: Topology, options: Partial<AppOptions> = {}): Promise<App> => {
  await client.createTopics([
    ...["in", "out"].map((name) => ({ topic: name, partitions: 1, configs: {} })),
    { topic: "small", partitions: 1, configs: { "max.message.bytes": "400" } },
  ]);
  const app = createApp(what, { transport: cluster.transport(), commitIntervalMs: 5, ...options });
  apps.push(app);
  await app.start();
  return app;
};

const send = async (value: Uint8Array | null): Promise<void> => {
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["in"]);
  producer.append("in", 0, Buffer.from("k"), value, 0, noHeaders);
  await producer.flush();
  await producer.close();
};

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("told to stop, it waits no longer than it may for a commit that asynchronous work holds up", async () => {
  let answer: ((value: string) => void) | undefined;
  const never = (): Promise<string> =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const held = topology("held", stream(input).pipe(mapAsync(never, { concurrency: 1 }), to(output)));
  const app = await running(held);
  await send(Buffer.from("v"));
  await until(() => answer !== undefined);
  await app.stop({ timeoutMs: 50 });
  expect(app.state).toBe("stopped");
  // An answer that comes too late goes nowhere: the record is the next member's.
  answer?.("too late");
  const offsets = await client.groupCoordinator("held").fetchOffsets([{ topic: "in", partition: 0 }]);
  expect(offsets[0]?.offset).toBe(-1);
});

test("a dead letter that its topic does not take stops the application, and says what to raise", async () => {
  const plain = topology("plain", stream(input).pipe(to(output)));
  const app = await running(plain, { deadLetterTopic: "small" });
  // The record is small, and its error's stack is not.
  await send(null);
  await expect(app.done()).rejects.toThrow(
    /"small": .*raise its max\.message\.bytes \(at in-0 offset \d+\)/s,
  );
});
