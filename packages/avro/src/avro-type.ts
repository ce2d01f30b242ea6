import avsc, { type Schema, type Type } from "avsc";
import { AvroError } from "./avro-error.ts";
import type { AvroSchema } from "./avro-schema.ts";
import { messageOf } from "./message-of.ts";

/** avsc's type of a schema whose records are plain objects of one shape each. Throws INVALID_SCHEMA. */
export const avroType = (schema: AvroSchema): Type => {
  try {
    const type = avsc.Type.forSchema(parsed(schema) as Schema, { omitRecordMethods: true });
    plainRecords(type, new Set());
    return type;
  } catch (error) {
    throw new AvroError("INVALID_SCHEMA", `not an Avro schema: ${messageOf(error)}`, { cause: error });
  }
};

/** Its own name in messages. */
export const nameOf = (type: Type): string => type.name ?? type.typeName;

/** avsc makes records with a constructor of their own, for speed; this keeps the speed and hides the constructor. */
const plainRecords = (type: Type, seen: Set<Type>): void => {
  if (seen.has(type)) return;
  seen.add(type);
  if (avsc.Type.isType(type, "record")) {
    const record = type as avsc.types.RecordType;
    (record.recordConstructor as { prototype: object }).prototype = Object.prototype;
    for (const field of record.fields) plainRecords(field.type, seen);
  } else if (avsc.Type.isType(type, "array")) plainRecords((type as avsc.types.ArrayType).itemsType, seen);
  else if (avsc.Type.isType(type, "map")) plainRecords((type as avsc.types.MapType).valuesType as Type, seen);
  else if (avsc.Type.isType(type, "union"))
    for (const branch of (type as avsc.types.UnwrappedUnionType).types) plainRecords(branch, seen);
};

/** A string may be JSON text, or the name of a primitive type. */
const parsed = (schema: AvroSchema): unknown =>
  typeof schema === "string" && /^\s*[[{"]/.test(schema) ? JSON.parse(schema) : schema;
