/**
 * JSON, with integers beyond 2^53 as bigint: a default of a long may be one. Throws a SyntaxError.
 */
export const parseJson = (text: string): unknown =>
  (JSON.parse as ParseWithSource)(text, (_key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? BigInt(context?.source ?? 0)
      : value,
  );

/** The reviver's third argument, which Node 22 has and TypeScript's library does not know yet. */
type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context?: { readonly source?: string }) => unknown,
) => unknown;

/** JSON's text: bigints as integers, and bytes as Avro's JSON has them, a character each. */
export const writeJson = (value: unknown): string => {
  if (typeof value === "bigint" || typeof value === "number") return value.toString();
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("latin1"));
  if (Array.isArray(value)) return `[${value.map((item) => writeJson(item ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${JSON.stringify(name)}:${writeJson(item)}`)
      .join(",")}}`;
  return JSON.stringify(value);
};
