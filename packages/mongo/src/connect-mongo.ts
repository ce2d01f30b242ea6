import { type Clock, type Log, systemClock } from "@millrace/streams";
import { type Db, type Document, MongoClient, MongoServerError } from "mongodb";
import { messageOf } from "./message-of.ts";
import { MongoConnection } from "./mongo-connection.ts";
import { MongoError } from "./mongo-error.ts";
import { RenewableClient } from "./renewable-client.ts";
import { isRetriable } from "./retriable.ts";

/** Beside the connection string. */
export interface ConnectMongoOptions {
  /** Told what the server can do, and when its client is replaced. */
  readonly log?: Log;
  /** The system's by default. */
  readonly clock?: Clock;
}

/** How long an operation looks for a server before it fails and is tried again, ms; unless the URI says otherwise. */
const longestSearchMs = 5_000;
/** The first time there is somebody who waits for an answer, and more to start than this, ms. */
const firstSearchMs = 4_000;

const commandNotFound = 59;

/**
 * Connects and asks the server what it can do. Throws MONGO_CONNECT, naming the host and never the user, where the
 * URI is none, or names no database, nobody answers within 4 s, or the login is refused.
 */
export const connectMongo = async (
  uri: string,
  { log, clock = systemClock }: ConnectMongoOptions = {},
): Promise<MongoConnection> => {
  const client = clientOf(uri, firstSearchMs);
  const { srvHost, hosts } = client.options;
  const host = srvHost ?? hosts.map(String).join(",");
  if (!namesDatabase.test(uri)) {
    await client.close();
    throw new MongoError(
      "MONGO_CONNECT",
      `MONGODB_URI names no database on ${host}, and "test" would be taken: write mongodb://${host}/DATABASE`,
    );
  }
  try {
    await client.connect();
    const hello = await helloOf(client.db());
    const supportsTransactions = canTransact(hello);
    log?.(
      "info",
      supportsTransactions
        ? `MongoDB at ${host} supports transactions: effects and their marks are one`
        : `MongoDB at ${host} is no replica set and has no transactions: guards alone keep effects idempotent`,
      { supportsTransactions },
    );
    const renewable = new RenewableClient(client, {
      create: () => clientOf(uri, longestSearchMs),
      clock,
      log,
    });
    return new MongoConnection(renewable, host, supportsTransactions);
  } catch (error) {
    await client.close().catch(() => undefined);
    throw new MongoError(
      "MONGO_CONNECT",
      `MongoDB at ${host} can't be used: ${messageOf(error)}; check MONGODB_URI, and that the server runs`,
      { cause: error, retriable: isRetriable(error) },
    );
  }
};

/** What stands before the slash can't have one that is not percent-encoded. */
const namesDatabase = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^/?]+/;

const clientOf = (uri: string, serverSelectionTimeoutMS: number): MongoClient => {
  try {
    return new MongoClient(uri, {
      ...(!/[?&]serverSelectionTimeoutMS=/i.test(uri) && { serverSelectionTimeoutMS }),
    });
  } catch (error) {
    // The reason may quote the URI with its password; without a user there is none.
    const reason = uri.includes("@") ? "" : ` (${messageOf(error)})`;
    throw new MongoError(
      "MONGO_CONNECT",
      `MONGODB_URI is no connection string of MongoDB${reason}: it has the form ` +
        "mongodb://[user:password@]host:port/database, with special characters in user and password percent-encoded",
    );
  }
};

const helloOf = async (database: Db): Promise<Document> => {
  try {
    return await database.command({ hello: 1 });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== commandNotFound) throw error;
    // The command's name until MongoDB 4.4, and still of some that speak its protocol.
    return database.command({ isMaster: 1 });
  }
};

/** Members of replica sets and routers of sharded clusters, if they have sessions. */
const canTransact = (hello: Document): boolean =>
  (typeof hello["setName"] === "string" || hello["msg"] === "isdbgrid") &&
  typeof hello["logicalSessionTimeoutMinutes"] === "number";
