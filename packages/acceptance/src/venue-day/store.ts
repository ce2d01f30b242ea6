import type { Db, ObjectId } from "mongodb";

/** Puts documents into a collection, each with its `id` for `_id`. */
export const store = async (
  database: Db,
  collection: string,
  documents: readonly { readonly id: string | ObjectId }[],
): Promise<void> => {
  await database
    .collection<{ _id: string | ObjectId }>(collection)
    .insertMany(documents.map(({ id, ...fields }) => ({ _id: id, ...fields })));
};
