import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { type App, createApp } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterEach, expect, test } from "vitest";
import { counts, lines, wordCount } from "../word-count/word-count.ts";
import { serveCounts } from "./serve-counts.ts";

const cluster = simulatedCluster();
const words = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog"];
const apps: App[] = [];
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers) server.close();
  await Promise.all(apps.map((app) => app.stop()));
  cluster.close();
});

const listening = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const countAt = async (address: string, word: string): Promise<unknown> => {
  const response = await fetch(`${address}/counts/${word}`);
  return [response.status, await response.json()];
};

test("each of two members answers for all words, its own and those of the other", async () => {
  for (const { name } of [lines, counts]) cluster.createTopic({ topic: name, partitions: 4, configs: {} });
  const addresses: string[] = [];
  const peers: string[][] = [[], []];
  for (const others of peers) {
    const app = createApp(wordCount, { transport: cluster.transport(), log: () => undefined });
    apps.push(app);
    addresses.push(await listening(serveCounts(app, others)));
    await app.start();
  }
  const [first = "", second = ""] = addresses;
  peers[0]?.push(second);
  peers[1]?.push(first);
  await until(() => apps.every(({ tasks, state }) => state === "running" && tasks.active.length > 0));
  cluster.pipe(lines, null, words.join(" "));
  cluster.pipe(lines, null, "The fox");
  const expected = words.map((word) => [200, { count: word === "the" || word === "fox" ? 2 : 1 }]);
  for (const address of addresses) {
    const found = (): Promise<unknown> => Promise.all(words.map((word) => countAt(address, word)));
    await until(async () => isDeepStrictEqual(await found(), expected));
    expect(await countAt(address, "cat")).toEqual([404, { error: "never seen" }]);
  }
  const own = await Promise.all(
    addresses.map(async (address) => (await (await fetch(`${address}/counts`)).json()) as object),
  );
  expect(own.flatMap((one) => Object.keys(one)).toSorted()).toEqual(words.toSorted());
  expect(own.map((one) => Object.keys(one).length)).not.toContain(0);
});
