/** Two ordered sequences as one; where both have an item in one place, the first's. */
export function* mergeInOrder<T>(
  first: Iterable<T>,
  second: Iterable<T>,
  compare: (a: T, b: T) => number,
): Generator<T, void, undefined> {
  const others = second[Symbol.iterator]();
  let other = others.next();
  for (const item of first) {
    while (other.done !== true) {
      const order = compare(other.value, item);
      if (order > 0) break;
      if (order < 0) yield other.value;
      other = others.next();
    }
    yield item;
  }
  while (other.done !== true) {
    yield other.value;
    other = others.next();
  }
}
