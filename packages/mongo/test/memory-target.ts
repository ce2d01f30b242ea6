import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type AnyBulkWriteOperation, type Document, MongoBulkWriteError, MongoServerError } from "mongodb";
import type { BulkCounts, EffectTarget, Writable } from "../src/effect-target.ts";

type Contents = Map<string, Document[]>;

/**
 * A database in memory with the few operations that the sink's tests use: insertOne, and updateOne with `$set` and
 * `$setOnInsert` under a filter of equalities, `$in`, `$lt` and `$gte`. Unique: `_id`, or all three fields of a mark.
 */
export class MemoryTarget implements EffectTarget {
  readonly host = "memory";
  readonly supportsTransactions: boolean;
  /** Every bulk write, in the order in which it arrived. */
  readonly writes: { readonly collection: string; readonly operations: readonly AnyBulkWriteOperation[] }[] =
    [];
  finds = 0;
  onTheWire = 0;
  mostOnTheWire = 0;
  /** Asked before each bulk write; what it answers is thrown. */
  trouble: (collection: string) => Error | undefined = () => undefined;
  /** Called when an upsert has not found its document, before it inserts. */
  beforeInsert: () => void = () => undefined;
  #contents: Contents = new Map();
  #changes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ supportsTransactions = false } = {}) {
    this.supportsTransactions = supportsTransactions;
  }

  documents(collection: string): readonly Document[] {
    return this.#contents.get(collection) ?? [];
  }

  insert(collection: string, document: Document): void {
    const documents = this.#contents.get(collection) ?? [];
    this.#contents.set(collection, documents);
    documents.push(document);
    this.#changes++;
  }

  bulkWrite(collection: string, operations: readonly AnyBulkWriteOperation[]): Promise<BulkCounts> {
    return this.#write(() => this.#contents, collection, operations, false);
  }

  /** One at a time. What was written outside in the meantime is a conflict. */
  transaction(body: (inside: Writable) => Promise<void>): Promise<void> {
    const turn = this.#transaction(this.#last, body);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async find(collection: string, filter: Document): Promise<readonly Document[]> {
    this.finds++;
    return this.documents(collection).filter((document) => matches(document, filter));
  }

  async #transaction(before: Promise<unknown>, body: (inside: Writable) => Promise<void>): Promise<void> {
    await before;
    const snapshot: Contents = structuredClone(this.#contents);
    const changes = this.#changes;
    await body({
      bulkWrite: (collection, operations) => this.#write(() => snapshot, collection, operations, true),
      find: async (collection, filter) =>
        (snapshot.get(collection) ?? []).filter((document) => matches(document, filter)),
    });
    if (this.#changes !== changes)
      throw new MongoServerError({
        message: "WriteConflict",
        code: 112,
        errorLabels: ["TransientTransactionError"],
      });
    this.#contents = snapshot;
  }

  async #write(
    contents: () => Contents,
    collection: string,
    operations: readonly AnyBulkWriteOperation[],
    ordered: boolean,
  ): Promise<BulkCounts> {
    this.writes.push({ collection, operations });
    this.mostOnTheWire = Math.max(this.mostOnTheWire, ++this.onTheWire);
    await sleep(Math.random() * 2);
    this.onTheWire--;
    const trouble = this.trouble(collection);
    if (trouble !== undefined) throw trouble;
    const errors: { readonly index: number; readonly code: number; readonly errmsg: string }[] = [];
    let changed = 0;
    for (const [index, operation] of operations.entries()) {
      const result = this.#apply(contents(), collection, operation);
      if (typeof result === "boolean") {
        if (result) changed++;
        continue;
      }
      errors.push({ index, ...result });
      if (ordered) break;
    }
    if (errors.length > 0)
      throw new MongoBulkWriteError(
        { message: errors[0]?.errmsg ?? "", code: errors[0]?.code ?? 0, writeErrors: errors as never },
        { getWriteConcernError: () => undefined, modifiedCount: changed } as never,
      );
    return { changed };
  }

  /** Whether it changed anything, or why not. */
  #apply(
    contents: Contents,
    collection: string,
    operation: AnyBulkWriteOperation,
  ): boolean | { readonly code: number; readonly errmsg: string } {
    const documents = contents.get(collection) ?? [];
    contents.set(collection, documents);
    const insert = (document: Document): true | { code: number; errmsg: string } => {
      if (documents.some((there) => isDeepStrictEqual(uniqueKey(there), uniqueKey(document))))
        return { code: 11_000, errmsg: "E11000 duplicate key" };
      documents.push(document);
      return true;
    };
    if ("insertOne" in operation) return insert({ ...operation.insertOne.document });
    if (!("updateOne" in operation)) return { code: 2, errmsg: "this operation is not understood" };
    const { filter, update, upsert = false } = operation.updateOne;
    const { $set, $setOnInsert, ...unknown } = update as Document;
    if (Object.keys(unknown).length > 0) return { code: 9, errmsg: "Unknown modifier" };
    const found = documents.find((document) => matches(document, filter));
    if (found !== undefined) {
      const before = structuredClone(found);
      Object.assign(found, $set);
      return !isDeepStrictEqual(found, before);
    }
    if (!upsert) return false;
    this.beforeInsert();
    const equalities = Object.fromEntries(
      Object.entries(filter).filter(([, value]) => typeof value !== "object"),
    );
    return insert({ ...equalities, ...$set, ...$setOnInsert });
  }
}

const uniqueKey = ({ _id, topicId, partition, offset }: Document): unknown =>
  topicId === undefined ? { _id } : { topicId, partition, offset };

const matches = (document: Document, filter: Document): boolean =>
  Object.entries(filter).every(([field, wanted]) => {
    const value: unknown = document[field];
    if (typeof wanted !== "object") return value === wanted;
    const { $in, $lt, $gte }: Document = wanted;
    if ($in !== undefined) return ($in as readonly unknown[]).includes(value);
    return $lt === undefined ? Number(value) >= $gte : Number(value) < $lt;
  });
