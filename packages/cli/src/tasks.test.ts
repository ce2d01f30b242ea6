import type { GroupTasks } from "@millrace/streams";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { fetchStatus, statusJson, statusText } from "./show-status.ts";
import { tasksJson, tasksText } from "./show-tasks.ts";
import { tasks } from "./tasks-command.ts";

const member = (memberId: string, endpoint: string | undefined, understood = true) => ({
  memberId,
  instanceId: undefined,
  clientId: "app",
  host: "10.0.0.7",
  endpoint,
  understood,
});

const group: GroupTasks = {
  state: "Stable",
  members: [member("m-1", "one:80"), member("m-2", undefined), member("jvm", undefined, false)],
  tasks: [
    {
      sources: ["in"],
      stores: ["s"],
      partition: 0,
      role: "active",
      memberId: "m-1",
      state: { lag: 0, whole: 9 },
    },
    {
      sources: ["in"],
      stores: ["s"],
      partition: 0,
      role: "standby",
      memberId: "m-2",
      state: { lag: 4, whole: 9 },
    },
    {
      sources: ["in"],
      stores: ["s"],
      partition: 1,
      role: "unassigned",
      memberId: undefined,
      state: undefined,
    },
  ],
};
const offsets = [
  { topic: "in", partition: 0, committed: 3, begin: 0, end: 10, lag: 7 },
  { topic: "other", partition: 0, committed: 3, begin: 0, end: 99, lag: 96 },
];

test("tells a line for each task, whom nobody runs, and of whom nothing is known", () => {
  expect(tasksText("app", group, offsets)).toEqual([
    '"app" is Stable, with 3 members',
    "1 task is run by nobody",
    "of another engine, or of another version, and it is unknown what they run: jvm at 10.0.0.7",
    "",
    "reads in, keeps s",
    "PARTITION  ROLE        BEHIND  STATE LACKS  OF  MEMBER",
    "        0  active           7            0   9  m-1 at one:80",
    "        0  standby                       4   9  m-2 at 10.0.0.7",
    "        1  unassigned",
  ]);
  expect(tasksText("app", { state: "Empty", members: [], tasks: [] }, [])).toEqual([
    'nobody runs "app" (its group is Empty)',
  ]);
});

test("tells the same to machines", () => {
  const [first, , third] = tasksJson(group, offsets).map((line) => JSON.parse(line) as unknown);
  expect(first).toEqual({
    sources: ["in"],
    stores: ["s"],
    partition: 0,
    role: "active",
    memberId: "m-1",
    behind: 7,
    stateLag: 0,
    stateRecords: 9,
    clientId: "app",
    host: "10.0.0.7",
    endpoint: "one:80",
  });
  expect(third).toEqual({ sources: ["in"], stores: ["s"], partition: 1, role: "unassigned" });
});

test("tells what processes say of themselves, and of whom there is no answer", async () => {
  const task = { subTopology: 0, partition: 0 };
  const answer = {
    at: 1,
    version: "1",
    applications: [
      {
        application: "app",
        state: "rebalancing",
        ready: false,
        waitsFor: ["0_0 is restored"],
        failure: null,
        tasks: [
          { ...task, id: "0_0", state: "restoring", behind: null, stateLag: 12 },
          { ...task, id: "1_0", subTopology: 1, state: "active", behind: 3, stateLag: 0 },
        ],
        lag: [],
        restores: [],
        stores: [],
      },
    ],
  };
  const server = createServer(({ url }, response) => {
    response.writeHead(url === "/status" ? 200 : 404);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const processes = [await fetchStatus(url)];
    expect(statusText(processes)).toEqual([
      `${url} runs "app": rebalancing (0_0 is restored)`,
      "",
      expect.stringMatching(/^APPLICATION +TASK +STATE +BEHIND +STATE LACKS +PROCESS$/),
      expect.stringMatching(/^app +0_0 +restoring +12 +http:/),
      expect.stringMatching(/^app +1_0 +active +3 +0 +http:/),
    ]);
    expect(statusText(processes, "other")).toEqual(["", "no tasks"]);
    await expect(tasks.run(["other", "--url", url])).rejects.toThrow(
      /nobody at http:\S+ runs "other"; there run "app"$/,
    );
    expect(statusJson(processes, "other")).toEqual([]);
    expect(statusJson(processes, "app")).toHaveLength(2);
  } finally {
    server.close();
  }
  await expect(fetchStatus(url)).rejects.toThrow(
    /no status from http:.*it must be the HTTP endpoint of a service/,
  );
});
