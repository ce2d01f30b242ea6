/** The bound after a key, by its bytes, one character each. */
export const afterKey = (order: string | undefined): string | undefined =>
  order === undefined ? undefined : `${order}\0`;

/** The bound after all keys that begin so; undefined when there is none. */
export const afterPrefix = (prefix: string): string | undefined => {
  for (let at = prefix.length - 1; at >= 0; at--) {
    const code = prefix.charCodeAt(at);
    if (code < 0xff) return prefix.slice(0, at) + String.fromCharCode(code + 1);
  }
  return undefined;
};
