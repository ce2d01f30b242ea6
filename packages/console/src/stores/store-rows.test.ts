import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { StoreRow } from "@millrace/service";
import { afterAll, expect, test } from "vitest";
import { storeRows } from "./store-rows.ts";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A member that answers with these rows, or refuses. */
const member = async (rows: readonly StoreRow[] | string, status = 200): Promise<string> => {
  const server = createServer((request, response) => {
    response.writeHead(/^\/stores\/counting\/by%20page(?:\?|$)/.test(request.url ?? "") ? status : 404);
    response.end(typeof rows === "string" ? rows : JSON.stringify({ rows, more: false }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** An address at which nothing listens any more. */
const nobody = async (): Promise<string> => {
  const url = await member([]);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return url;
};

const ask = (members: readonly string[], parameters: Readonly<Record<string, string>> = {}) =>
  storeRows(members, ["counting", "by page"], new URLSearchParams(parameters));
const row = (key: string, start?: number): StoreRow => ({
  key,
  value: 1,
  ...(start !== undefined && { start }),
});

test("puts the rows of all members in order, and no more of them than were asked for", async () => {
  const members = [await member([row("a"), row("c"), row("e")]), await member([row("b"), row("d")])];
  const { rows, more } = await ask(members, { limit: "4" });
  expect(rows.map(({ key }) => key)).toEqual(["a", "b", "c", "d"]);
  expect(more).toBe(true);
});

test("windows go by their starts, the last first where that was asked for", async () => {
  const members = [await member([row("b", 3), row("a", 1)]), await member([row("a", 2)])];
  const { rows } = await ask(members, { reverse: "true" });
  expect(rows.map(({ start }) => start)).toEqual([3, 2, 1]);
});

test("shows what some have, and what keeps others from answering", async () => {
  const members = [
    await member([row("a")]),
    await member("store is being restored", 503),
    // The key is with the first: that is no trouble.
    await member("another member has it", 421),
    await nobody(),
  ];
  const { rows, problems } = await ask(members);
  expect(rows).toHaveLength(1);
  expect(problems).toEqual([
    expect.stringMatching(/store is being restored/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ does not answer: connect ECONNREFUSED [\d.:]+$/),
  ]);
});

test("says why where nobody has an answer", async () => {
  await expect(ask([])).rejects.toMatchObject({
    status: 503,
    message: expect.stringMatching(/nobody who runs/),
  });
  await expect(ask([await member('"limit" is "x"', 400)])).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/"limit" is "x"/),
  });
  await expect(ask([await member("no", 421)])).rejects.toMatchObject({ status: 421 });
});
