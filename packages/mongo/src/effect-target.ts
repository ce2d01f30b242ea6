import type { AnyBulkWriteOperation, Document } from "mongodb";

/** Where effects are written: a database, or one transaction in it. */
export interface Writable {
  /** Resolves when a majority has it; else throws the driver's error. */
  bulkWrite(collection: string, operations: readonly AnyBulkWriteOperation[]): Promise<unknown>;
}

/** What a sink needs of a database. `MongoConnection` is one. */
export interface EffectTarget extends Writable {
  /** Names the server in messages, without credentials. */
  readonly host: string;
  readonly supportsTransactions: boolean;
  /** Runs `body` once, and commits what it wrote; aborts where it throws. What it writes is written in order. */
  transaction(body: (inside: Writable) => Promise<void>): Promise<void>;
  find(collection: string, filter: Document): Promise<readonly Document[]>;
}
