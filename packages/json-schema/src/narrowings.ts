type Keywords = Readonly<Record<string, unknown>>;

/**
 * Where `reader` allows less than `writer` did, by the keywords that are compared: type, enum, const, required,
 * properties, additionalProperties, items and the bounds. Named as Confluent's schema registry decides: a property may
 * come into a closed object, or into an open one where it allows everything, and may go from an open one. Other keywords
 * are taken to allow as much as before.
 */
export const narrowings = (reader: unknown, writer: unknown, path: string): readonly string[] => {
  if (writer === false || reader === true || isEmpty(reader)) return [];
  if (reader === false) return [`${path}: nothing is allowed any more`];
  const r = keywords(reader);
  const w = keywords(writer);
  return [
    ...types(r, w, path),
    ...values(r, w, path),
    ...bounds(r, w, path),
    ...objects(r, w, path),
    ...(r["items"] === undefined ? [] : narrowings(r["items"], w["items"] ?? true, `${path}/items`)),
  ];
};

const types = (r: Keywords, w: Keywords, path: string): readonly string[] => {
  const allowed = listOf(r["type"]);
  if (allowed.length === 0) return [];
  const written = listOf(w["type"]);
  if (written.length === 0)
    return w["enum"] === undefined && w["const"] === undefined ? [`${path}: the type was open`] : [];
  return written
    .filter((type) => !allowed.includes(type) && !(type === "integer" && allowed.includes("number")))
    .map((type) => `${path}: ${String(type)} is not allowed any more`);
};

const values = (r: Keywords, w: Keywords, path: string): readonly string[] => {
  const allowed = valuesOf(r);
  if (allowed === undefined) return [];
  const written = valuesOf(w);
  if (written === undefined) return [`${path}: the values were open`];
  const texts = new Set(allowed.map((value) => JSON.stringify(value)));
  return written
    .map((value) => JSON.stringify(value))
    .filter((text) => !texts.has(text))
    .map((text) => `${path}: ${text} is not allowed any more`);
};

const lower = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const upper = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

const bounds = (r: Keywords, w: Keywords, path: string): readonly string[] => [
  ...lower
    .filter((key) => numberOf(r[key], Number.NEGATIVE_INFINITY) > numberOf(w[key], Number.NEGATIVE_INFINITY))
    .map((key) => `${path}: ${key} was raised`),
  ...upper
    .filter((key) => numberOf(r[key], Number.POSITIVE_INFINITY) < numberOf(w[key], Number.POSITIVE_INFINITY))
    .map((key) => `${path}: ${key} was lowered`),
  ...(r["pattern"] === undefined || r["pattern"] === w["pattern"] ? [] : [`${path}: the pattern changed`]),
];

const objects = (r: Keywords, w: Keywords, path: string): readonly string[] => {
  const mine = keywords(r["properties"]);
  const theirs = keywords(w["properties"]);
  const required = listOf(r["required"]).filter((name) => !listOf(w["required"]).includes(name));
  return [
    ...required
      .filter((name) => keywords(mine[String(name)])["default"] === undefined)
      .map((name) => `${path}: "${String(name)}" is required now, without a default`),
    ...Object.keys(mine).flatMap((name) =>
      // What an open object had under that name may have been anything.
      narrowings(mine[name], theirs[name] ?? w["additionalProperties"] ?? true, `${path}/properties/${name}`),
    ),
    ...Object.keys(theirs)
      .filter((name) => mine[name] === undefined)
      .flatMap((name) =>
        narrowings(r["additionalProperties"] ?? true, theirs[name], `${path}/properties/${name}`),
      ),
    ...narrowings(
      r["additionalProperties"] ?? true,
      w["additionalProperties"] ?? true,
      `${path}/additionalProperties`,
    ),
  ];
};

const keywords = (schema: unknown): Keywords =>
  typeof schema === "object" && schema !== null && !Array.isArray(schema) ? (schema as Keywords) : {};

const isEmpty = (schema: unknown): boolean =>
  typeof schema === "object" && schema !== null && Object.keys(schema).length === 0;

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value];

const valuesOf = (schema: Keywords): readonly unknown[] | undefined =>
  "const" in schema
    ? [schema["const"]]
    : Array.isArray(schema["enum"])
      ? (schema["enum"] as readonly unknown[])
      : undefined;

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
