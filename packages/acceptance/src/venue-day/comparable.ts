import { BSON } from "mongodb";

/** Documents and plain values in one form, with types of ids and dates in it, and doubles to 12 digits. */
export const comparable = (value: object): string =>
  JSON.stringify(BSON.EJSON.serialize(value), (_key, inner: unknown) => {
    if (typeof inner === "number") return Number(inner.toPrecision(12));
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
