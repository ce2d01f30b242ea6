import { afterEach, expect, test } from "vitest";
import { type App, createApp, stream, string, to, topic, topology } from "../../index.ts";
import { simulatedCluster } from "../../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const plain = topology("leaving", stream(input).pipe(to(output)));

const cluster = simulatedCluster();
const apps: App[] = [];

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop()));
});

const running = async (instanceId: string): Promise<App> => {
  const app = createApp(plain, { transport: cluster.transport(), instanceId, heartbeatIntervalMs: 100 });
  apps.push(app);
  await app.start();
  return app;
};

// Otherwise it is waited for until its session ends, after 45 s.
test(
  "a static member that is stopped to leave the group gives its tasks to the others at once",
  { timeout: 30_000 },
  async () => {
    await cluster
      .transport()
      .createTopics(["in", "out"].map((name) => ({ topic: name, partitions: 1, configs: {} })));
    const leaving = await running("leaving");
    await expect.poll(() => leaving.tasks.active).toEqual(["0_0"]);
    const steady = await running("steady");
    await leaving.stop({ leaveGroup: true });
    await expect.poll(() => steady.tasks.active).toEqual(["0_0"]);
    expect(steady.state).toBe("running");
  },
);
