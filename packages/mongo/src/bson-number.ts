/** What the driver makes of numbers that are none of JavaScript's. */
interface BsonNumber {
  readonly [name: string]: unknown;
  toString(): string;
}

const numeric: ReadonlySet<unknown> = new Set(["Decimal128", "Double", "Int32", "Long"]);

/** A number as documents may have it, of whichever of BSON's types; undefined for what is none, a text of digits too. */
export const bsonNumber = (value: unknown): number | undefined => {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return isBsonNumber(value) ? Number(value.toString()) : undefined;
};

/** By their mark: there may be more than one copy of the driver. */
const isBsonNumber = (value: unknown): value is BsonNumber =>
  typeof value === "object" && value !== null && numeric.has((value as BsonNumber)["_bsontype"]);
