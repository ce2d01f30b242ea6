import type { AnyBulkWriteOperation, Document } from "mongodb";

/** What became of a bulk write. */
export interface BulkCounts {
  /** Documents that it inserted, modified or deleted; those that were so already are not counted. */
  readonly changed: number;
}

/** Where effects are written: a database, or one transaction in it. */
export interface Writable {
  /** Resolves when a majority has it; else throws the driver's error. */
  bulkWrite(collection: string, operations: readonly AnyBulkWriteOperation[]): Promise<BulkCounts>;
  /** The documents that match, as they are here. */
  find(collection: string, filter: Document): Promise<readonly Document[]>;
}

/** What a sink needs of a database. `MongoConnection` is one. */
export interface EffectTarget extends Writable {
  /** Names the server in messages, without credentials. */
  readonly host: string;
  /** Whether an effect and its mark can be one. */
  readonly supportsTransactions: boolean;
  /** Runs `body` once, and commits what it wrote; aborts where it throws. What it writes is written in order. */
  transaction(body: (inside: Writable) => Promise<void>): Promise<void>;
}
