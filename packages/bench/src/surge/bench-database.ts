import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Component } from "@millrace/devstack";
import { MongoClient } from "mongodb";
import type { Answered } from "./answering-mongo.ts";
import { checkDatabase } from "./check-database.ts";
import { type DemandLoad, venueDocuments } from "./demand-load.ts";
import { type SlowRelay, slowRelay } from "./slow-relay.ts";

/** Where the surge service writes, with the configs and sub-locations of a load in it. */
export interface BenchDatabase {
  readonly uri: string;
  /** What it is, for a person. */
  readonly detail: string;
  /** Its process, where that is ours. */
  readonly pid: number | undefined;
  /** Throws unless it was written what the load must have made of it. */
  check(load: DemandLoad): Promise<void>;
  close(): Promise<void>;
}

/** A database of its own in a running MongoDB, each of whose answers comes so many ms later. */
export const databaseIn = async (
  mongo: Component,
  name: string,
  load: DemandLoad,
  laterMs: number,
): Promise<BenchDatabase> => {
  const client = await new MongoClient(mongo.address).connect();
  const database = client.db(name);
  const { sublocations, configs } = venueDocuments(load);
  await database.collection("sublocations").insertMany([...sublocations]);
  await database.collection("surge_configs").insertMany([...configs]);
  const uri = new URL(mongo.address);
  uri.pathname = `/${name}`;
  let relay: SlowRelay | undefined;
  if (laterMs > 0) {
    relay = await slowRelay(uri.hostname, Number(uri.port), laterMs);
    uri.hostname = "127.0.0.1";
    uri.port = String(relay.port);
  }
  return {
    uri: uri.href,
    detail: mongo.detail,
    pid: mongo.pid,
    check: () => checkDatabase(database, load),
    close: async () => {
      relay?.close();
      await database.dropDatabase();
      await client.close();
    },
  };
};

/** No database: see `answeringMongo`. Checked is how many documents it was sent. */
export const answeringDatabase = async (name: string, load: DemandLoad): Promise<BenchDatabase> => {
  const main = fileURLToPath(new URL("./answering-mongo-main.js", import.meta.url));
  const child = fork(main);
  const { sublocations, configs } = venueDocuments(load);
  const { port } = await ask<{ port: number }>(child, { sublocations, surge_configs: configs });
  return {
    uri: `mongodb://127.0.0.1:${port}/${name}?directConnection=true`,
    detail: "what answers at once and keeps nothing, in the place of a MongoDB with transactions",
    pid: child.pid,
    check: async ({ records }) => {
      const { written } = await ask<Answered>(child, "finish");
      for (const collection of ["surge_configs", "ratesheets", "processed_events"])
        if ((written[collection] ?? 0) < records)
          throw new Error(`${collection} was sent ${written[collection] ?? 0} writes for ${records} records`);
    },
    close: async () => {
      if (child.exitCode !== null || !child.connected) return;
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
};

const ask = async <T>(child: ChildProcess, message: object | string): Promise<T> => {
  const answer = once(child, "message");
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`what answers in the place of MongoDB ended with code ${String(code)}`);
  });
  child.send(message);
  const [answered] = (await Promise.race([answer, ended])) as [T];
  return answered;
};
