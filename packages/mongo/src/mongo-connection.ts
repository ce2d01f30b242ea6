import type { AnyBulkWriteOperation, Db, Document, MongoClient } from "mongodb";
import { bulkCounts } from "./bulk-counts.ts";
import type { BulkCounts, EffectTarget, Writable } from "./effect-target.ts";
import type { RenewableClient } from "./renewable-client.ts";
import { SessionPool } from "./session-pool.ts";

const majority = { w: "majority" } as const;

/** A connected client with what was found out about its server; made by `connectMongo`. */
export class MongoConnection implements EffectTarget {
  /** Names the server in messages, without credentials. */
  readonly host: string;
  /** Whether it is a member of a replica set, or a router, that has sessions. */
  readonly supportsTransactions: boolean;
  readonly #client: RenewableClient;
  readonly #sessions = new SessionPool();
  readonly #databases = new WeakMap<MongoClient, Db>();

  constructor(client: RenewableClient, host: string, supportsTransactions: boolean) {
    this.#client = client;
    this.host = host;
    this.supportsTransactions = supportsTransactions;
  }

  /** The one that the URI names. Not to be kept: see `attempt`. */
  get database(): Db {
    return this.#databaseOf(this.#client.current);
  }

  /**
   * Runs `body` once, with the database as the present client has it: the driver may get stuck when the server goes
   * away, and a new client then takes its place. Rejects as the driver does, and with the retriable MONGO_STALLED and
   * MONGO_RENEWED.
   */
  attempt<T>(body: (database: Db) => Promise<T>): Promise<T> {
    return this.#client.attempt((client) => body(this.#databaseOf(client)));
  }

  /** Unordered, with write concern majority. */
  async bulkWrite(collection: string, operations: readonly AnyBulkWriteOperation[]): Promise<BulkCounts> {
    const result = await this.attempt((database) =>
      database.collection(collection).bulkWrite(operations, { ordered: false, writeConcern: majority }),
    );
    return bulkCounts(result);
  }

  transaction(body: (inside: Writable) => Promise<void>): Promise<void> {
    return this.#client.attempt((client) =>
      this.#sessions.use(client, async (session) => {
        // What it reads is in the oplog before it, so a majority that has its commit has that too. With any other read
        // concern a transaction can't create a collection.
        const database = this.#databaseOf(client);
        session.startTransaction({ readConcern: { level: "local" }, writeConcern: majority });
        await body({
          bulkWrite: async (collection, operations) =>
            bulkCounts(await database.collection(collection).bulkWrite(operations, { session })),
          find: (collection, filter) => database.collection(collection).find(filter, { session }).toArray(),
        });
        await session.commitTransaction();
      }),
    );
  }

  /** From the primary, what a majority has: a mark that could be rolled back is none. */
  find(collection: string, filter: Document): Promise<readonly Document[]> {
    return this.attempt((database) =>
      database
        .collection(collection)
        .find(filter, {
          readPreference: "primary",
          ...(this.supportsTransactions && { readConcern: { level: "majority" } }),
        })
        .toArray(),
    );
  }

  /** Rejects unless the server answers. */
  async ping(): Promise<void> {
    await this.attempt((database) => database.command({ ping: 1 }));
  }

  /** Ends its connections. What is under way is rejected. */
  close(): Promise<void> {
    return this.#client.close();
  }

  /** Made once for each client, as every command asks for it. */
  #databaseOf(client: MongoClient): Db {
    const known = this.#databases.get(client);
    if (known !== undefined) return known;
    const database = client.db();
    this.#databases.set(client, database);
    return database;
  }
}
