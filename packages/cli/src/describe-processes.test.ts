import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { describe } from "./describe-command.ts";
import { describeProcesses } from "./describe-processes.ts";

/** Of a process that answers so when it is asked for its topologies. */
const serving = async (answer: unknown): Promise<{ readonly url: string; readonly server: Server }> => {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === "/topology" ? 200 : 404);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

const running = (application: string, text: string) => ({
  applications: [{ application, describe: `Topologies:\n   ${text}\n\n`, graph: {} }],
});

test("tells once what several processes run, and of each version who runs it", async () => {
  const servers = await Promise.all([
    serving(running("orders", "Sub-topology: 0")),
    serving(running("orders", "Sub-topology: 0")),
    serving(running("orders", "another")),
    serving({ applications: [] }),
  ]);
  const [one = "", two = "", three = "", starting = ""] = servers.map(({ url }) => url);
  try {
    expect(await describeProcesses([one, two, three, one, starting])).toEqual([
      `Application "orders" at ${one}, ${two}`,
      "Topologies:\n   Sub-topology: 0",
      "",
      `Application "orders" at ${three}`,
      "Topologies:\n   another",
    ]);
    await expect(describeProcesses([starting])).rejects.toThrow(/nothing runs yet at http:.*ask again/);
    await expect(describe.run(["topology.ts", "--url", one])).rejects.toThrow(
      /in one way: a module, or --url/,
    );
  } finally {
    for (const { server } of servers) server.close();
  }
  await expect(describeProcesses([one])).rejects.toThrow(
    /^no topology from http:.*\(.*\); it must be the HTTP endpoint of a service/,
  );
});
