import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Component, freePorts, startSecantus } from "@millrace/devstack";
import { type Document, MongoClient } from "mongodb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countingEffect } from "../test/counting-effect.ts";
import { type TcpProxy, tcpProxy } from "../test/tcp-proxy.ts";
import { connectMongo } from "./connect-mongo.ts";
import { ensureIndexes } from "./ensure-indexes.ts";
import type { MongoConnection } from "./mongo-connection.ts";
import { MongoSink } from "./mongo-sink.ts";
import { processedEvents, processedEventsIndexes } from "./processed-events.ts";

const keys = 8;
const each = 8;

let storage: string;
let port: number;
let server: Component;
let proxy: TcpProxy;
let mongo: MongoConnection;

/** All that it acknowledges is on the disk. */
const startServer = (): Promise<Component> => startSecantus({ port, storage });

beforeEach(async ({ skip }) => {
  storage = await mkdtemp(join(tmpdir(), "millrace-mongo-data-"));
  [port = 0] = await freePorts(1);
  const started = await startServer().catch((error: unknown) => String(error));
  if (typeof started === "string") {
    await rm(storage, { recursive: true });
    skip(started);
    return;
  }
  server = started;
  proxy = await tcpProxy("127.0.0.1", port);
  mongo = await connectMongo(`mongodb://127.0.0.1:${proxy.port}/counted?directConnection=true`);
  await ensureIndexes(mongo.database.collection(processedEvents), processedEventsIndexes());
  await mongo.database.createCollection("counts");
});

afterEach(async () => {
  await mongo.close();
  await proxy.close();
  await server.stop();
  await rm(storage, { recursive: true, force: true });
});

/** Past the proxy. */
const admin = async (command: Document): Promise<void> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await client.db("admin").command(command);
  } finally {
    await client.close();
  }
};

const failing = (times: number, data: Document): Promise<void> =>
  admin({ configureFailPoint: "failCommand", mode: { times }, data });

const killAndStart = async (): Promise<void> => {
  if (server.pid !== undefined) process.kill(server.pid, "SIGKILL");
  await server.stop();
  server = await startServer();
};

const cutOff = async (): Promise<void> => {
  proxy.cut();
  await sleep(50);
  proxy.mend();
};

test.each([
  { trouble: "the server is killed", disturb: killAndStart },
  { trouble: "connections break wherever they are", disturb: cutOff },
  {
    trouble: "commits are cut off",
    disturb: () => failing(3, { failCommands: ["commitTransaction"], closeConnection: true }),
  },
  {
    trouble: "writes are cut off in the middle of a transaction",
    disturb: () => failing(3, { failCommands: ["update"], closeConnection: true }),
  },
  {
    trouble: "writes conflict",
    disturb: () =>
      failing(5, {
        failCommands: ["update", "insert"],
        errorCode: 112,
        errorLabels: ["TransientTransactionError"],
      }),
  },
  {
    trouble: "no majority has a commit in time",
    disturb: () =>
      failing(3, {
        failCommands: ["commitTransaction"],
        writeConcernError: { code: 64, errmsg: "waiting for replication timed out" },
      }),
  },
  {
    trouble: "commits are slow",
    disturb: () =>
      failing(3, { failCommands: ["commitTransaction"], blockConnection: true, blockTimeMS: 300 }),
  },
  {
    trouble: "the primary steps down",
    disturb: async () => {
      // It closes the connection that asked for it.
      await admin({ replSetStepDown: 1, force: true }).catch(() => undefined);
    },
  },
])(
  "counts every effect exactly once though $trouble",
  async ({ disturb }) => {
    const effects = Array.from({ length: keys * each }, (_, offset) =>
      countingEffect(`key ${offset % keys}`, offset),
    );
    const end = new AbortController();
    const disturbing = (async () => {
      for (let times = 0; times < 2 && !end.signal.aborted; times++) {
        await sleep(100);
        await disturb();
      }
    })();
    // As after a rebalance: two sinks get the same, in their own time, and the second all of it once more.
    const [first, second] = [new MongoSink(mongo, { maxBatch: 4 }), new MongoSink(mongo, { maxBatch: 3 })];
    await Promise.all([
      Promise.all(effects.map((effect) => first.apply(effect))),
      sleep(50).then(() => Promise.all(effects.map((effect) => second.apply(effect)))),
    ]);
    end.abort();
    await disturbing;
    await Promise.all(effects.slice(-keys).map((effect) => second.apply(effect)));
    const counts = await mongo.database.collection("counts").find().toArray();
    expect(counts.map(({ count }) => Number(count))).toEqual(Array.from({ length: keys }, () => each));
    expect(await mongo.database.collection(processedEvents).countDocuments()).toBe(keys * each);
  },
  120_000,
);

test("a transaction that a broken connection left open holds nobody up", async () => {
  const sink = new MongoSink(mongo);
  await sink.apply(countingEffect("a", 0));
  await failing(1, { failCommands: ["update"], closeConnection: true });
  const started = Date.now();
  await sink.apply(countingEffect("a", 1));
  // Its locks are given up when it is a minute old.
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(await mongo.database.collection("counts").findOne()).toMatchObject({ count: 2 });
});
