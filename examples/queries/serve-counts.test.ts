import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { type App, createApp } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { counts, lines, wordCount } from "../word-count/word-count.ts";
import { answerCounts } from "./serve-counts.ts";

const words = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog"];

interface Member {
  readonly app: App;
  readonly host: string;
  readonly server: Server;
  readonly kill: () => void;
}

let cluster: ReturnType<typeof simulatedCluster>;
let members: Member[];

beforeEach(() => {
  cluster = simulatedCluster();
  members = [];
  for (const { name } of [lines, counts]) cluster.createTopic({ topic: name, partitions: 4, configs: {} });
});

afterEach(async () => {
  for (const { server } of members) server.close();
  await Promise.all(members.map(({ app }) => app.stop()));
  cluster.close();
});

const join = async (standbyReplicas: number): Promise<Member> => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const process = cluster.process();
  const app = createApp(wordCount, {
    transport: cluster.transport(process),
    clock: process,
    standbyReplicas,
    applicationServer: host,
    log: () => undefined,
  });
  server.on("request", answerCounts(app, host));
  await app.start();
  const kill = (): void => {
    process.kill();
    server.close();
    server.closeAllConnections();
    members = members.filter((other) => other !== member);
  };
  const member = { app, host, server, kill };
  members.push(member);
  return member;
};

const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const answerOf = async (host: string, word: string): Promise<unknown> => {
  const response = await fetch(`http://${host}/counts/${word}`);
  return [response.status, await response.json()];
};

const answers = (host: string): Promise<readonly unknown[]> =>
  Promise.all(words.map((word) => answerOf(host, word)));

const count = async (standbyReplicas: number): Promise<readonly [Member, Member]> => {
  const two = [await join(standbyReplicas), await join(standbyReplicas)] as const;
  await until(() => two.every(({ app }) => app.state === "running" && app.tasks.active.length > 0));
  cluster.pipe(lines, null, words.join(" "));
  cluster.pipe(lines, null, "The fox");
  const expected = words.map((word) => [200, { count: word === "the" || word === "fox" ? 2 : 1 }]);
  for (const { host } of two) await until(async () => isDeepStrictEqual(await answers(host), expected));
  return two;
};

test("each of two members answers for all words, its own and those of the other", async () => {
  const two = await count(0);
  for (const { host } of two) expect(await answerOf(host, "cat")).toEqual([404, { error: "never seen" }]);
  const own = await Promise.all(
    two.map(async ({ host }) => (await (await fetch(`http://${host}/counts`)).json()) as object),
  );
  expect(own.flatMap((one) => Object.keys(one)).toSorted()).toEqual(words.toSorted());
  expect(own.map((one) => Object.keys(one).length)).not.toContain(0);
});

test("while a member is out of reach, the standbys of its words answer for it", async () => {
  const [one, two] = await count(1);
  const ofOne = words.filter((word) => two.app.hostsForKey("counts", word).active === one.host);
  expect(ofOne).not.toEqual([]);
  await until(() => [...two.app.standbyLag.values()].every((lag) => lag === 0));
  one.kill();
  for (const word of ofOne)
    expect(await answerOf(two.host, word)).toEqual([
      200,
      { count: word === "the" || word === "fox" ? 2 : 1, stale: true },
    ]);
});
