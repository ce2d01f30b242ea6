import protobuf, { type Field, type Type } from "protobufjs";
import { ProtobufError } from "./protobuf-error.ts";

/** A recursive message may be nested as deep as this; an object that contains itself would otherwise never end. */
const maxDepth = 100;

/** What protobufjs encodes for a plain object. Throws DOES_NOT_FIT, which names the field. */
export const messageFrom = (type: Type, value: unknown, path: string, depth = 0): object => {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > maxDepth)
    throw misfit(path, value, `a message ${type.fullName.slice(1)}, nested up to ${maxDepth} deep`);
  const message: Record<string, unknown> = {};
  const ones = new Set<string>();
  for (const [name, own] of Object.entries(value)) {
    if (own === undefined) continue;
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (field === undefined) throw misfit(`${path}.${name}`, own, `a field of ${type.fullName.slice(1)}`);
    const union = field.partOf?.name;
    if (union !== undefined && ones.has(union))
      throw misfit(`${path}.${name}`, own, `one field of ${union} alone`);
    if (union !== undefined) ones.add(union);
    message[name] = fieldFrom(field.resolve(), own, `${path}.${name}`, depth);
  }
  for (const field of type.fieldsArray)
    if (field.required && !Object.hasOwn(message, field.name))
      throw misfit(`${path}.${field.name}`, undefined, "a value: it is required");
  return type.create(message);
};

const fieldFrom = (field: Field, value: unknown, path: string, depth: number): unknown => {
  if (field.repeated) {
    if (!Array.isArray(value)) throw misfit(path, value, "an array");
    return value.map((item) => one(field, item, `${path}[]`, depth));
  }
  if (!field.map) return one(field, value, path, depth);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw misfit(path, value, "an object");
  const keyType = field instanceof protobuf.MapField ? field.keyType : "string";
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (!isKey(keyType, key)) throw misfit(`a key of ${path}`, JSON.stringify(key), `${keyType} as text`);
      return [key, one(field, item, `${path}{}`, depth)];
    }),
  );
};

/** Whether the text of a property is that of a key: protobufjs would make 0 of everything else. */
const isKey = (type: string, text: string): boolean => {
  if (type === "string") return text.isWellFormed();
  if (type === "bool") return text === "true" || text === "false";
  // No longer than the longest: what follows would take its time.
  if (!/^(?:0|-?[1-9]\d{0,19})$/.test(text)) return false;
  const range = ranges[type];
  if (range === undefined) return fits(BigInt(text), type === "uint64" || type === "fixed64");
  return Number(text) >= range[0] && Number(text) <= range[1];
};

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  sint32: [-(2 ** 31), 2 ** 31 - 1],
  sfixed32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  fixed32: [0, 2 ** 32 - 1],
};

const one = (field: Field, value: unknown, path: string, depth: number): unknown => {
  const { resolvedType, type } = field;
  if (resolvedType instanceof protobuf.Type) return messageFrom(resolvedType, value, path, depth + 1);
  if (resolvedType instanceof protobuf.Enum) {
    const number = typeof value === "string" ? resolvedType.values[value] : value;
    if (typeof number === "number" && number === (number | 0)) return number;
    throw misfit(path, value, `a name or number of ${resolvedType.fullName.slice(1)}`);
  }
  const range = ranges[type];
  if (range !== undefined) {
    if (Number.isInteger(value) && (value as number) >= range[0] && (value as number) <= range[1])
      return value;
    throw misfit(path, value, `an integer from ${range[0]} to ${range[1]}`);
  }
  switch (type) {
    case "string":
      // Half a surrogate pair has no UTF-8, and nobody could read the record.
      if (typeof value === "string" && value.isWellFormed()) return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "float":
    case "double":
      if (typeof value === "number") return value;
      break;
    case "bytes":
      if (value instanceof Uint8Array) return value;
      break;
    default:
      return long(type === "uint64" || type === "fixed64", value, path);
  }
  throw misfit(path, value, `a ${type}`);
};

const long = (unsigned: boolean, value: unknown, path: string): unknown => {
  const exact =
    typeof value === "bigint" ? value : Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
  if (exact === undefined || !fits(exact, unsigned))
    throw misfit(
      path,
      value,
      `${unsigned ? "an unsigned" : "an"} integer of 64 bits; beyond ±(2^53 - 1) a bigint`,
    );
  const bits = BigInt.asUintN(64, exact);
  return new protobuf.util.Long(Number(bits & 0xffffffffn) | 0, Number(bits >> 32n) | 0, unsigned);
};

const fits = (integer: bigint, unsigned: boolean): boolean =>
  integer === (unsigned ? BigInt.asUintN(64, integer) : BigInt.asIntN(64, integer));

const misfit = (path: string, value: unknown, expected: string): ProtobufError => {
  const shown = typeof value === "object" && value !== null ? "an object" : String(value).slice(0, 40);
  return new ProtobufError("DOES_NOT_FIT", `${path} is ${shown}, expected ${expected}`);
};
