import avsc, { type Type } from "avsc";

/** Throws on a decoded value with something in it that can't be. */
export type ValueCheck = (value: unknown) => void;

/**
 * avsc reads an int of any size, and a malformed one is then no int any more. The check for a type's values, undefined
 * where there is nothing to check.
 */
export const intRange = (type: Type, seen: ReadonlySet<Type> = new Set()): ValueCheck | undefined => {
  if (avsc.Type.isType(type, "int")) return checkInt;
  // What contains itself is left to avsc: following it would cost more than it is worth.
  if (seen.has(type)) return undefined;
  const within = new Set(seen).add(type);
  if (avsc.Type.isType(type, "record")) return checkFields(type as avsc.types.RecordType, within);
  if (avsc.Type.isType(type, "array")) {
    const check = intRange((type as avsc.types.ArrayType).itemsType, within);
    return check && ((items) => (items as readonly unknown[]).forEach(check));
  }
  if (avsc.Type.isType(type, "map")) {
    const check = intRange((type as avsc.types.MapType).valuesType as Type, within);
    return check && ((map) => Object.values(map as object).forEach(check));
  }
  if (avsc.Type.isType(type, "union:unwrapped"))
    return checkUnion(type as avsc.types.UnwrappedUnionType, within);
  return undefined;
};

const checkInt: ValueCheck = (value) => {
  if (value !== ((value as number) | 0)) throw new RangeError(`${String(value)} is no 32-bit int`);
};

const checkFields = (type: avsc.types.RecordType, seen: ReadonlySet<Type>): ValueCheck | undefined => {
  const checks = type.fields.flatMap((field) => {
    const check = intRange(field.type, seen);
    return check === undefined ? [] : [{ name: field.name, check }];
  });
  if (checks.length === 0) return undefined;
  return (record) => {
    for (const { name, check } of checks) check((record as Readonly<Record<string, unknown>>)[name]);
  };
};

/** Of two branches a value is checked as the one whose JavaScript type it has; only null is told apart here. */
const checkUnion = (
  { types }: avsc.types.UnwrappedUnionType,
  seen: ReadonlySet<Type>,
): ValueCheck | undefined => {
  const others = types.filter((branch) => !avsc.Type.isType(branch, "null"));
  const [only] = others;
  if (only === undefined || others.length > 1) return undefined;
  const check = intRange(only, seen);
  return check && ((value) => value !== null && check(value));
};
