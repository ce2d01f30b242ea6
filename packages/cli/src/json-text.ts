/** Any value on one line of JSON: bigints as numbers, bytes in hexadecimal, maps and sets as what they hold. */
export const jsonText = (value: unknown): string => {
  if (value === undefined || value === null) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (value instanceof Uint8Array) return JSON.stringify(hexText(value));
  if (value instanceof Map)
    return jsonText(
      [...value].every(([key]) => typeof key === "string") ? Object.fromEntries(value) : [...value],
    );
  if (value instanceof Set) return jsonText([...value]);
  if ("toJSON" in value && typeof value.toJSON === "function") return jsonText(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  return `{${Object.entries(value)
    .filter(([, of]) => of !== undefined && typeof of !== "function")
    .map(([name, of]) => `${JSON.stringify(name)}:${jsonText(of)}`)
    .join(",")}}`;
};

/** `0x` and two digits for each byte. */
const hexText = (bytes: Uint8Array): string =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
