/** A whole number in [0, bound). */
export const below = (random: () => number, bound: number): number => Math.floor(random() * bound);

/** One of them. */
export const oneOf = <T>(random: () => number, things: readonly T[]): T =>
  things[below(random, things.length)] as T;

/** That many. */
export const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Adds to the list of a key. */
export const addTo = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};
