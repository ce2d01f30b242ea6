import { MongoClient, MongoServerError, MongoServerSelectionError, MongoTopologyClosedError } from "mongodb";
import { beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../test/virtual-clock.ts";
import { RenewableClient } from "./renewable-client.ts";
import { isRetriable } from "./retriable.ts";

let clock: VirtualClock;
let lines: string[];
let client: RenewableClient;

/** Connects to nothing: no operation is ever sent. */
const create = (): MongoClient => new MongoClient("mongodb://127.0.0.1:1");

const failing = (failure: Error) => (): Promise<never> => Promise.reject(failure);
const noServer = failing(new MongoServerSelectionError("no server", {} as never));
const duplicate = failing(new MongoServerError({ errmsg: "duplicate key", code: 11_000 }));

/** What an attempt is rejected with. */
const rejection = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeEach(() => {
  clock = new VirtualClock();
  lines = [];
  const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
  client = new RenewableClient(create(), { create, clock, log });
});

test("gives up a client that never answers, and what waited for it may be tried again", async () => {
  const first = client.current;
  const stalled = rejection(client.attempt(() => new Promise<never>(() => undefined)));
  clock.advance(29_999);
  expect(client.current).toBe(first);
  clock.advance(1);
  const error = await stalled;
  expect(error).toMatchObject({ code: "MONGO_STALLED", retriable: true });
  expect(isRetriable(error)).toBe(true);
  expect(client.current).not.toBe(first);
  expect(lines).toEqual([expect.stringMatching(/^warn .*given up for a new one: no answer within 30 s/)]);
  expect(await client.attempt(() => Promise.resolve("an answer"))).toBe("an answer");
});

test("gives up a client that has found no server for 5 s", async () => {
  const first = client.current;
  for (const wait of [0, 3_000, 1_999]) {
    clock.advance(wait);
    expect(await rejection(client.attempt(noServer))).toBeInstanceOf(MongoServerSelectionError);
    expect(client.current).toBe(first);
  }
  clock.advance(1);
  await rejection(client.attempt(noServer));
  expect(client.current).not.toBe(first);
});

test("keeps a client that has found its server in between", async () => {
  const first = client.current;
  await rejection(client.attempt(noServer));
  clock.advance(4_000);
  await rejection(client.attempt(duplicate));
  clock.advance(4_000);
  await rejection(client.attempt(noServer));
  expect(client.current).toBe(first);
});

test("says of what was under way with the old client that it may be tried again, unless the server has answered", async () => {
  const ends: ((error: Error) => void)[] = [];
  const underWay = (): Promise<unknown> =>
    rejection(client.attempt(() => new Promise<never>((_, reject) => ends.push(reject))));
  const first = underWay();
  clock.advance(20_000);
  const [broken, answered] = [underWay(), underWay()];
  clock.advance(10_000);
  expect(await first).toMatchObject({ code: "MONGO_STALLED" });
  ends[1]?.(new Error("the pool was closed"));
  ends[2]?.(new MongoServerError({ errmsg: "duplicate key", code: 11_000 }));
  expect(await broken).toMatchObject({ code: "MONGO_RENEWED", retriable: true });
  expect(await answered).toMatchObject({ code: 11_000 });
  await client.close();
});

test("tries again what a client gave up that never got connected", async () => {
  const closed = failing(new MongoTopologyClosedError("Topology is closed"));
  const error = await rejection(client.attempt(closed));
  expect(isRetriable(error)).toBe(true);
});

test("makes no new client once it is closed", async () => {
  await rejection(client.attempt(noServer));
  const last = client.current;
  await client.close();
  clock.advance(5_000);
  await rejection(client.attempt(noServer));
  expect(client.current).toBe(last);
  expect(lines).toEqual([]);
});
