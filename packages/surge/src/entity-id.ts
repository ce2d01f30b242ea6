/** An id of the database: a string, or anything that has a hex form, such as an ObjectId. */
export type EntityId = string | { toHexString(): string };

/** The same text for equal ids, whichever their type. */
export const entityIdText = (id: EntityId): string => (typeof id === "string" ? id : id.toHexString());
