import { createHash } from "node:crypto";
import { BSON, type Db } from "mongodb";

/** Of every collection of a database: all documents with all fields and their types. */
export const checksums = async (database: Db): Promise<Readonly<Record<string, string>>> => {
  const sums: Record<string, string> = {};
  for (const { name } of await database.listCollections().toArray()) {
    const documents = await database.collection(name).find().sort({ _id: 1 }).toArray();
    const text = BSON.EJSON.stringify(documents, { relaxed: false });
    sums[name] = `${documents.length} documents, ${createHash("sha256").update(text).digest("hex")}`;
  }
  return sums;
};
