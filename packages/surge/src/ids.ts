import { ObjectId } from "mongodb";

/** An id as documents may have it: a string, or the ObjectId that it is the hex of. */
export const idForms = (id: string): readonly (string | ObjectId)[] =>
  /^[0-9a-f]{24}$/i.test(id) ? [id, new ObjectId(id)] : [id];
