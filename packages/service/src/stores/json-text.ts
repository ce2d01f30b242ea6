/**
 * JSON of anything that a store can hold: bytes as `0x…`, bigints and numbers that JSON lacks as text, maps and sets as
 * arrays, nothing as null.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, function (this: unknown, name: string, given: unknown): unknown {
    // As it is, before toJSON: of bytes that makes a list of numbers.
    const own = (this as Readonly<Record<string, unknown>>)[name];
    if (own instanceof Uint8Array) return `0x${Buffer.from(own).toString("hex")}`;
    if (own instanceof Map || own instanceof Set) return [...own];
    if (typeof own === "bigint" || (typeof own === "number" && !Number.isFinite(own))) return String(own);
    return given;
  }) ?? "null";
