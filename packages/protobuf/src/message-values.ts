import protobuf, { type Enum, type Field, type Type } from "protobufjs";
import { ProtobufError } from "./protobuf-error.ts";

/** Which JavaScript values stand for 64-bit integers. */
export type Longs = "number" | "bigint";

const wide: ReadonlySet<string> = new Set(["int64", "uint64", "sint64", "fixed64", "sfixed64"]);

const unsigned: ReadonlySet<string> = new Set(["uint64", "fixed64"]);

/** Enums whose numbers were given names to. */
const namesOf = (type: Enum): Readonly<Record<number, string>> => type.valuesById;

/** A decoded message as a plain object, with defaults where Protobuf has them and without fields that are not there. */
export const plainMessage = (type: Type, message: object, longs: Longs): Record<string, unknown> => {
  const plain: Record<string, unknown> = {};
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of type.fieldsArray) {
    field.resolve();
    const own = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    const one = (value: unknown): unknown => plainValue(field, value, longs);
    if (field.repeated) plain[field.name] = ((own ?? []) as readonly unknown[]).map(one);
    else if (field.map)
      plain[field.name] = Object.fromEntries(
        Object.entries(own ?? {}).map(([key, value]) => [mapKey(field, key), one(value)]),
      );
    else if (own !== undefined && own !== null) plain[field.name] = one(own);
    else if (!isOptional(field)) plain[field.name] = one(field.typeDefault);
  }
  return plain;
};

/** Whether a field that is not there has no value, rather than its default. */
const isOptional = (field: Field): boolean =>
  field.hasPresence || field.partOf !== null || field.resolvedType instanceof protobuf.Type;

/** Keys of 64 bits are kept by protobufjs as eight characters. */
const mapKey = (field: Field, key: string): string => {
  const keyType = field instanceof protobuf.MapField ? field.keyType : "";
  return wide.has(keyType) && key.length === 8
    ? integer(protobuf.util.longFromHash(key), unsigned.has(keyType)).toString()
    : key;
};

const plainValue = (field: Field, value: unknown, longs: Longs): unknown => {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return plainMessage(resolvedType, value as object, longs);
  if (resolvedType instanceof protobuf.Enum) return namesOf(resolvedType)[value as number] ?? value;
  if (wide.has(field.type)) return plainLong(field, value, longs);
  // A copy: the batch that the bytes came in is not kept.
  if (field.type === "bytes") return Buffer.from(value as Uint8Array);
  return value;
};

const plainLong = (field: Field, value: unknown, longs: Longs): number | bigint => {
  const exact = integer(value, unsigned.has(field.type));
  if (longs === "bigint") return exact;
  const number = Number(exact);
  if (Number.isSafeInteger(number)) return number;
  throw new ProtobufError(
    "UNSAFE_LONG",
    `${field.fullName.slice(1)} is ${exact}, and numbers lose precision beyond ±(2^53 - 1): read it with longs: "bigint"`,
  );
};

const integer = (value: unknown, isUnsigned: boolean): bigint => {
  if (typeof value === "number") return BigInt(value);
  const { low, high } = value as { readonly low: number; readonly high: number };
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return isUnsigned ? bits : BigInt.asIntN(64, bits);
};
