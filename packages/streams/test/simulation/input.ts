import { partitionForKey } from "../../src/transport/murmur2.ts";

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

/** A key of each partition of a topic of texts, so that its stream time can be moved. */
export const keyOfEach = (partitions: number): readonly string[] => {
  const keys = new Map<number, string>();
  for (let n = 0; keys.size < partitions; n++) {
    const key = `last-${n}`;
    const partition = partitionForKey(Buffer.from(key), partitions);
    if (!keys.has(partition)) keys.set(partition, key);
  }
  return [...keys.values()];
};
