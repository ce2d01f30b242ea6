import { afterAll, afterEach, expect, test } from "vitest";
import {
  type App,
  count,
  createApp,
  groupByKey,
  groupTasks,
  stream,
  string,
  topic,
  topology,
} from "../../index.ts";
import { simulatedCluster } from "../../testing/index.ts";
import { encodeProtocolAssignment } from "./consumer-protocol.ts";

const cluster = simulatedCluster();
const transport = cluster.transport();
afterAll(() => cluster.close());
const apps: App[] = [];
afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  apps.length = 0;
});

cluster.createTopic({ topic: "words", partitions: 3, configs: {} });

const start = async (id: string, applicationServer: string): Promise<void> => {
  const words = stream(topic("words", { key: string(), value: string() }));
  const app = createApp(topology(id, words.pipe(groupByKey(), count({ store: "counts" }))), {
    transport: cluster.transport(),
    standbyReplicas: 1,
    heartbeatIntervalMs: 20,
    applicationServer,
    log: () => undefined,
  });
  apps.push(app);
  await app.start();
};

test("tells of each task who runs it and who keeps its standby", async () => {
  const endpointsOf = ["one:1", "two:2"];
  for (const endpoint of endpointsOf) await start("two", endpoint);
  const placed = async (): Promise<readonly (readonly string[])[]> => {
    const { members, tasks } = await groupTasks(transport, "two");
    const endpoints = new Map(members.map(({ memberId, endpoint }) => [memberId, endpoint]));
    return tasks.map(({ partition, role, memberId = "" }) => [
      `0_${partition}`,
      role,
      endpoints.get(memberId) ?? "",
    ]);
  };
  const here = (): readonly (readonly string[])[] =>
    apps
      .flatMap(({ tasks: { active, standby } }, at) => [
        ...active.map((id) => [id, "active", endpointsOf[at] ?? ""]),
        ...standby.map((id) => [id, "standby", endpointsOf[at] ?? ""]),
      ])
      .toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  await expect
    .poll(async () => ({ placed: await placed(), here: here() }))
    .toEqual({
      placed: expect.toSatisfy((rows: unknown) => JSON.stringify(rows) === JSON.stringify(here())),
      here: expect.toSatisfy((rows: readonly unknown[]) => rows.length === 6),
    });
  const { state, members, tasks } = await groupTasks(transport, "two");
  expect(state).toBe("Stable");
  for (const { understood, host } of members)
    expect({ understood, host }).toEqual({ understood: true, host: "127.0.0.1" });
  for (const { sources, stores } of tasks)
    expect({ sources, stores }).toEqual({ sources: ["words"], stores: ["counts"] });
});

test("tells of a group that nobody ever joined, and of one that all have left", async () => {
  expect(await groupTasks(transport, "nobody")).toEqual({ state: "Dead", members: [], tasks: [] });
  await start("left", "one:1");
  await apps.pop()?.stop();
  expect(await groupTasks(transport, "left")).toEqual({ state: "Empty", members: [], tasks: [] });
});

test("tells of members of another engine that it can't say what they run", async () => {
  const coordinator = transport.groupCoordinator("others");
  const subscription = Buffer.from("0001000000000000000000000000", "hex");
  const { memberId, generationId } = await coordinator.join({
    memberId: "",
    groupInstanceId: "jvm",
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocols: [{ name: "stream", metadata: subscription }],
  });
  const assignment = encodeProtocolAssignment([{ topic: "words", partition: 1 }], Buffer.alloc(0));
  await coordinator.sync({ groupId: "others", generationId, memberId, groupInstanceId: "jvm" }, [
    { memberId, assignment },
  ]);
  const { members, tasks } = await groupTasks(transport, "others");
  expect(members).toMatchObject([{ memberId, instanceId: "jvm", understood: false, endpoint: undefined }]);
  expect(tasks).toEqual([]);
});
