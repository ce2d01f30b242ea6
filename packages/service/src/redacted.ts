const secret = /password|passphrase|secret|token|^key$|^ca$|^cert$|^pfx$/i;

/** The same value with nothing in it that must not be logged: secrets by their name, users and passwords in URLs. */
export const redacted = (value: unknown): unknown => {
  if (typeof value === "string") return value.replace(/\/\/[^/\s]*@/g, "//***@");
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined && typeof entry !== "function")
      .map(([name, entry]) => [name, secret.test(name) ? "***" : redacted(entry)]),
  );
};
