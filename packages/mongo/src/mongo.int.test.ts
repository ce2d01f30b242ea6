import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { guardedEffect } from "../test/guarded-effect.ts";
import { type TcpProxy, tcpProxy } from "../test/tcp-proxy.ts";
import { connectMongo } from "./connect-mongo.ts";
import type { EventPosition } from "./effect.ts";
import { ensureIndexes } from "./ensure-indexes.ts";
import type { MongoConnection } from "./mongo-connection.ts";
import { MongoSink } from "./mongo-sink.ts";
import { processedEvents, processedEventsIndexes } from "./processed-events.ts";

let proxy: TcpProxy;
let mongo: MongoConnection;
const lines: string[] = [];

/** The server through the proxy, and a database of this test's own. */
const proxied = (uri: string): string => {
  const url = new URL(uri);
  if (url.username !== "" && !url.searchParams.has("authSource"))
    url.searchParams.set("authSource", url.pathname.slice(1) || "admin");
  url.host = `127.0.0.1:${proxy.port}`;
  url.pathname = `/millrace-${randomUUID().slice(0, 8)}`;
  url.searchParams.set("directConnection", "true");
  url.searchParams.delete("replicaSet");
  return url.href;
};

const positionOf = (offset: number): EventPosition => ({ topicId: "things-topic", partition: 0, offset });

describe.each([
  { server: "the MongoDB at hand", uri: inject("mongo") },
  { server: "one that is no replica set", uri: inject("mongoStandalone") },
])("on $server", ({ uri }) => {
  beforeAll(async () => {
    if (uri === "") return;
    const { hostname, port } = new URL(uri);
    proxy = await tcpProxy(hostname, Number(port || 27_017));
  });

  afterAll(async () => {
    if (uri !== "") await proxy.close();
  });

  beforeEach(async ({ skip }) => {
    skip(uri === "", "there is no MongoDB: set MONGODB_URI, start Docker, or install JDK 17 and Maven");
    lines.length = 0;
    mongo = await connectMongo(proxied(uri), {
      log: (level, message) => void lines.push(`${level} ${message}`),
    });
  });

  afterEach(async () => {
    if (uri === "") return;
    proxy.mend();
    await mongo.database.dropDatabase();
    await mongo.close();
  });

  test("says at start whether there are transactions", () => {
    expect(lines).toEqual([
      expect.stringMatching(
        mongo.supportsTransactions ? /^info .* supports transactions/ : /^info .* no transactions/,
      ),
    ]);
  });

  test("creates indexes that are missing, once", async () => {
    const collection = mongo.database.collection("things");
    const specs = [
      { keys: { a: 1, b: -1 }, unique: true, partialFilterExpression: { a: { $exists: true } } },
      { keys: { at: 1 }, expireAfterSeconds: 60 },
    ] as const;
    await ensureIndexes(collection, specs);
    await ensureIndexes(collection, specs);
    const indexes = await collection.listIndexes().toArray();
    expect(indexes.map(({ name }) => String(name))).toEqual(["_id_", "a_1_b_-1", "at_1"]);
  });

  test("refuses an index that is there with other options, and says how to change it", async () => {
    const collection = mongo.database.collection("things");
    await ensureIndexes(collection, [
      { keys: { at: 1 }, expireAfterSeconds: 60 },
      { keys: { a: 1 }, name: "by a" },
    ]);
    await expect(ensureIndexes(collection, [{ keys: { at: 1 }, expireAfterSeconds: 61 }])).rejects.toThrow(
      /index "at_1" of collection "things" is .*60.*has to be .*61.*collMod: "things"/,
    );
    await expect(ensureIndexes(collection, [{ keys: { a: 1 }, unique: true }])).rejects.toMatchObject({
      code: "MONGO_INDEX",
      message: expect.stringContaining(`dropIndex("by a")`),
    });
    await expect(ensureIndexes(collection, [{ keys: { b: 1 }, name: "by a" }])).rejects.toThrow(/dropIndex/);
  });

  test("refuses a unique index over documents that are not", async () => {
    const collection = mongo.database.collection<{ readonly a: number }>("things");
    await collection.insertMany([{ a: 1 }, { a: 1 }]);
    await expect(ensureIndexes(collection, [{ keys: { a: 1 }, unique: true }])).rejects.toThrow(
      /remove the documents that have the same key/,
    );
  });

  test("applies guarded effects and marks them; a replay changes nothing", async () => {
    await ensureIndexes(mongo.database.collection(processedEvents), processedEventsIndexes());
    const sink = new MongoSink(mongo);
    const effects = Array.from({ length: 300 }, (_, version) =>
      guardedEffect(`key ${version % 40}`, version),
    );
    const all = (): Promise<unknown[]> =>
      mongo.database.collection("things").find().sort({ _id: 1 }).toArray();
    expect(new Set(await Promise.all(effects.map((effect) => sink.apply(effect))))).toEqual(
      new Set(["applied"]),
    );
    const before = await all();
    expect(before).toHaveLength(40);
    const replay = await Promise.all(effects.map((effect) => sink.apply(effect)));
    expect(new Set(replay)).toEqual(new Set([mongo.supportsTransactions ? "repeated" : "older"]));
    expect(await all()).toEqual(before);
    const applied = await sink.alreadyApplied([positionOf(0), positionOf(299), positionOf(300)]);
    expect(applied).toEqual([true, true, false]);
    expect(await mongo.database.collection(processedEvents).countDocuments()).toBe(300);
  });

  test("says older where a newer document is there, and leaves it", async () => {
    const sink = new MongoSink(mongo);
    expect(await sink.apply(guardedEffect("a", 5, { mark: false }))).toBe("applied");
    expect(await sink.apply(guardedEffect("a", 4, { mark: false }))).toBe("older");
    expect(await mongo.database.collection("things").findOne()).toMatchObject({ version: 5 });
  });

  test("rejects an effect that MongoDB refuses, and only that", async () => {
    const sink = new MongoSink(mongo);
    const refused = {
      ...guardedEffect("bad", 17, { mark: false }),
      writes: [
        {
          collection: "things",
          operation: { insertOne: { document: { _id: "twice" as never } } },
        },
      ],
    };
    await sink.apply(refused);
    const [bad, good] = await Promise.allSettled([
      sink.apply(refused),
      sink.apply(guardedEffect("good", 1, { mark: false })),
    ]);
    expect(bad).toMatchObject({
      reason: {
        code: "MONGO_WRITE",
        retriable: false,
        message: expect.stringContaining("things-topic-0 offset 17"),
      },
    });
    expect(good).toEqual({ status: "fulfilled", value: "applied" });
  });

  test("outlasts an outage without losing an effect", async () => {
    await ensureIndexes(mongo.database.collection(processedEvents), processedEventsIndexes());
    const troubles: string[] = [];
    const sink = new MongoSink(mongo, {
      maxBatch: 10,
      log: (level, message) => void troubles.push(`${level} ${message}`),
    });
    const effects = Array.from({ length: 2_000 }, (_, version) =>
      guardedEffect(`key ${version % 50}`, version),
    );
    const applied = Promise.all(effects.map((effect) => sink.apply(effect)));
    await sleep(50);
    proxy.cut();
    // The driver itself tries once more, and looks for the server for 5 s.
    await expect.poll(() => sink.healthy, { timeout: 10_000 }).toBe(false);
    await sleep(1_000);
    proxy.mend();
    await applied;
    expect(sink.healthy).toBe(true);
    expect(troubles).toEqual([
      expect.stringMatching(/^warn MongoDB at .* fails, trying again/),
      expect.stringMatching(/^info MongoDB at .* answers again/),
    ]);
    const documents = await mongo.database.collection("things").find().toArray();
    expect(documents.map(({ version }) => Number(version)).toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 50 }, (_, index) => 1_950 + index),
    );
    expect(await mongo.database.collection(processedEvents).countDocuments()).toBe(2_000);
  });

  test("names the host that does not answer, and no password", async () => {
    proxy.cut();
    const unreachable = `mongodb://me:s3cret@127.0.0.1:${proxy.port}/things?serverSelectionTimeoutMS=300`;
    const failure: unknown = await connectMongo(unreachable).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "MONGO_CONNECT",
      message: expect.stringMatching(/^MongoDB at 127\.0\.0\.1:\d+ can't be used: .*check MONGODB_URI/),
    });
    expect(String(failure)).not.toContain("s3cret");
  });

  test("works on after outages in which the driver loses track of its server", async () => {
    const sink = new MongoSink(mongo, { maxBatch: 20 });
    const end = new AbortController();
    const worker = async (name: string): Promise<number> => {
      let version = 0;
      while (!end.signal.aborted) {
        await Promise.all(
          Array.from({ length: 5 }, () => sink.apply(guardedEffect(name, ++version, { mark: false }))),
        );
        await sink.alreadyApplied([positionOf(version)]);
      }
      return version;
    };
    const working = Array.from({ length: 8 }, (_, index) => worker(`worker ${index}`));
    // One of these cuts ends a monitor's connection in the very moment in which it is used.
    for (let outage = 0; outage < 2; outage++) {
      await sleep(3_000);
      proxy.cut();
      await sleep(500);
      proxy.mend();
    }
    end.abort();
    const versions = await Promise.all(working);
    const documents = await mongo.database.collection("things").find().sort({ _id: 1 }).toArray();
    expect(documents.map(({ version }) => Number(version))).toEqual(versions);
  });
});
