import type { AnyBulkWriteOperation, Db, Document, MongoClient } from "mongodb";
import type { EffectTarget, Writable } from "./effect-target.ts";

const majority = { w: "majority" } as const;

/** A connected client with what was found out about its server; made by `connectMongo`. */
export class MongoConnection implements EffectTarget {
  readonly client: MongoClient;
  /** The one that the URI names; `test` if it names none. */
  readonly database: Db;
  readonly host: string;
  readonly supportsTransactions: boolean;

  constructor(client: MongoClient, host: string, supportsTransactions: boolean) {
    this.client = client;
    this.database = client.db();
    this.host = host;
    this.supportsTransactions = supportsTransactions;
  }

  /** Unordered, with write concern majority. */
  bulkWrite(collection: string, operations: readonly AnyBulkWriteOperation[]): Promise<unknown> {
    return this.database
      .collection(collection)
      .bulkWrite(operations, { ordered: false, writeConcern: majority });
  }

  async transaction(body: (inside: Writable) => Promise<void>): Promise<void> {
    const session = this.client.startSession();
    try {
      // What it reads is in the oplog before it, so a majority that has its commit has that too. With any other read
      // concern a transaction can't create a collection.
      session.startTransaction({ readConcern: { level: "local" }, writeConcern: majority });
      await body({
        bulkWrite: (collection, operations) =>
          this.database.collection(collection).bulkWrite(operations, { session }),
      });
      await session.commitTransaction();
    } finally {
      // Aborts what was not committed.
      await session.endSession();
    }
  }

  /** From the primary, what a majority has: a mark that could be rolled back is none. */
  find(collection: string, filter: Document): Promise<readonly Document[]> {
    return this.database
      .collection(collection)
      .find(filter, {
        readPreference: "primary",
        ...(this.supportsTransactions && { readConcern: { level: "majority" } }),
      })
      .toArray();
  }

  /** Rejects unless the server answers. */
  async ping(): Promise<void> {
    await this.database.command({ ping: 1 });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
