import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createApp, kafka, noHeaders } from "@millrace/streams";
import { afterEach, expect, inject, test, vi } from "vitest";
import { counting } from "../test/counting.ts";
import { lag } from "./lag-command.ts";
import { state } from "./state-command.ts";
import { tasks } from "./tasks-command.ts";

const module = fileURLToPath(new URL("../test/counting.ts", import.meta.url));

let printed = "";
afterEach(() => void vi.restoreAllMocks());

const run = async (command: typeof tasks, ...args: readonly string[]): Promise<readonly string[]> => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  await command.run([...args, "--brokers", inject("kafka")]);
  return printed.trimEnd().split("\n");
};

test("a real group tells who runs its tasks, and a real changelog what its store holds", async () => {
  const brokers = inject("kafka").split(",");
  const transport = kafka({ brokers });
  await transport.connect();
  await transport.createTopics(
    ["words", "seconds", "places"].map((topic) => ({ topic, partitions: 2, configs: {} })),
  );
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["words"]);
  for (const word of ["apple", "beet", "apple"])
    producer.append("words", 0, Buffer.from(word), Buffer.from("w"), 1_500, noHeaders);
  await producer.flush();
  await producer.close();
  const applicationId = `counting-${randomUUID()}`;
  const app = createApp(counting, {
    transport: kafka({ brokers }),
    applicationId,
    applicationServer: "here:80",
    commitIntervalMs: 10,
    log: () => undefined,
  });
  await app.start();
  try {
    await vi.waitUntil(() => app.failure !== undefined || app.metrics.processed === 3, { timeout: 30_000 });
    const rows = async (): Promise<readonly unknown[]> =>
      (await run(tasks, applicationId, "--json")).map((line) => JSON.parse(line || "{}") as unknown);
    await expect.poll(rows, { timeout: 20_000 }).toEqual(
      [0, 1].map((partition) =>
        expect.objectContaining({
          sources: ["words"],
          partition,
          role: "active",
          endpoint: "here:80",
          ...(partition === 0 && { behind: 0 }),
        }),
      ),
    );
    expect((await run(tasks, applicationId))[0]).toBe(`"${applicationId}" is Stable, with 1 member`);
    expect((await run(lag, applicationId)).at(-1)).toBe("0 records behind in 1 partition");
    await expect(run(lag, "nobody-at-all")).rejects.toThrow(/there is no group "nobody-at-all"/);
    await expect(run(tasks, "nobody-at-all")).rejects.toThrow(/there is no group "nobody-at-all"/);
    await expect(run(lag, applicationId, "--topic", "wards")).rejects.toThrow(/there is no topic "wards"/);
    await expect(run(state, "dump", "count", "--application", applicationId)).rejects.toThrow(
      /has no changelog of a store "count".*; it has "by-second", "counts"$/,
    );
    await expect(
      run(state, "dump", "counts", "--application", applicationId, "--partition", "7"),
    ).rejects.toThrow(/has no partition 7: it has 2 partitions, from 0/);
    const stores = (await run(state, "list", "--application", applicationId)).map(
      (line) => line.split(" ")[0],
    );
    expect(stores).toEqual(["STORE", "by-second", "counts"]);
    const dump = ["dump", "counts", "--application", applicationId, "--module", module, "--json"];
    expect(await run(state, ...dump)).toEqual([
      '{"partition":0,"timestamp":1500,"key":"apple","value":2}',
      '{"partition":0,"timestamp":1500,"key":"beet","value":1}',
    ]);
  } finally {
    await app.stop();
    await transport.close();
  }
  expect(await run(tasks, applicationId)).toEqual([`nobody runs "${applicationId}" (its group is Empty)`]);
}, 90_000);
