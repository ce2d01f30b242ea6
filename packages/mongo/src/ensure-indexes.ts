import { isDeepStrictEqual } from "node:util";
import type { Log } from "@millrace/streams";
import { type Collection, type Document, MongoServerError } from "mongodb";
import { messageOf } from "./message-of.ts";
import { MongoError } from "./mongo-error.ts";

/** An index that has to be there. */
export interface IndexSpec {
  /** Field to direction, in this order. */
  readonly keys: Readonly<Record<string, 1 | -1>>;
  /** `a_1_b_-1` by default, as MongoDB itself calls it. */
  readonly name?: string;
  readonly unique?: boolean;
  /** Documents go so many seconds after the date in the index's one field. */
  readonly expireAfterSeconds?: number;
  readonly partialFilterExpression?: Document;
}

const namespaceNotFound = 26;
const duplicateKey = 11_000;

/**
 * Creates the indexes that are missing. Throws MONGO_INDEX where one of that name, or over these fields, is there with
 * other options, and changes none: that is the operator's to decide; the message has the command. `log` is told of each
 * that is created, before it is: with many documents that takes time.
 */
export const ensureIndexes = async <T extends Document>(
  collection: Collection<T>,
  specs: readonly IndexSpec[],
  log?: Log,
): Promise<void> => {
  const existing = await indexesOf(collection);
  const missing = specs.filter((spec) => {
    const found =
      existing.find(({ name }) => name === nameOf(spec)) ?? existing.find((index) => sameKeys(index, spec));
    if (found === undefined) return true;
    if (!sameKeys(found, spec) || !isDeepStrictEqual(optionsOf(found), optionsOf(spec)))
      throw conflict(collection, found, spec);
    return false;
  });
  for (const spec of missing) {
    log?.("info", `creating index "${nameOf(spec)}" of collection "${collection.collectionName}"`);
    await create(collection, spec);
  }
};

const indexesOf = async <T extends Document>(collection: Collection<T>): Promise<readonly Document[]> => {
  try {
    return await collection.listIndexes().toArray();
  } catch (error) {
    if (error instanceof MongoServerError && error.code === namespaceNotFound) return [];
    throw error;
  }
};

const create = async <T extends Document>(collection: Collection<T>, spec: IndexSpec): Promise<void> => {
  const { keys, name: _, ...options } = spec;
  try {
    await collection.createIndex({ ...keys }, { ...options, name: nameOf(spec) });
  } catch (error) {
    const duplicates = error instanceof MongoServerError && error.code === duplicateKey;
    throw new MongoError(
      "MONGO_INDEX",
      `index "${nameOf(spec)}" of collection "${collection.collectionName}" can't be created: ${messageOf(error)}; ` +
        (duplicates
          ? "remove the documents that have the same key, but one, and start again"
          : "see that the user may create indexes there"),
      { cause: error },
    );
  }
};

const conflict = <T extends Document>(
  { collectionName }: Collection<T>,
  found: Document,
  spec: IndexSpec,
): MongoError => {
  const there = { keys: found["key"] as unknown, ...optionsOf(found) };
  const asked = { keys: spec.keys, ...optionsOf(spec) };
  const { expireAfterSeconds } = spec;
  // MongoDB can change how long documents are kept in place, and nothing else.
  const onlyExpiry =
    expireAfterSeconds !== undefined &&
    found["expireAfterSeconds"] !== undefined &&
    isDeepStrictEqual({ ...there, expireAfterSeconds }, asked);
  const remedy = onlyExpiry
    ? `db.runCommand({ collMod: "${collectionName}", index: { name: "${found["name"]}", expireAfterSeconds: ${expireAfterSeconds} } })`
    : `db.getCollection("${collectionName}").dropIndex("${found["name"]}")`;
  return new MongoError(
    "MONGO_INDEX",
    `index "${found["name"]}" of collection "${collectionName}" is ${JSON.stringify(there)}, and has to be ` +
      `${JSON.stringify(asked)}; if nobody else needs it as it is, run ${remedy} in mongosh and start again`,
  );
};

const nameOf = ({ name, keys }: IndexSpec): string => name ?? Object.entries(keys).flat().join("_");

/** Order matters. */
const sameKeys = (index: Document, { keys }: IndexSpec): boolean =>
  isDeepStrictEqual(
    Object.entries(index["key"] as Readonly<Record<string, unknown>>).map(([field, way]) => [
      field,
      Number(way),
    ]),
    Object.entries(keys),
  );

const optionsOf = (index: Document | IndexSpec): Document => {
  const { unique = false, expireAfterSeconds, partialFilterExpression }: Document = index;
  return {
    ...(unique === true && { unique }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds: Number(expireAfterSeconds) }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
  };
};
