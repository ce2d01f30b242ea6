/**
 * Makes a value, and all that it holds, one that nobody can change in place: plain objects and arrays, for what else there
 * is may change itself as it likes. False where there is nothing to be frozen.
 */
export const frozen = (value: unknown): boolean => {
  if (!isPlain(value)) return false;
  if (Object.isFrozen(value)) return true;
  // Before what it holds: that may hold it, too.
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return true;
};

const isPlain = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
};
