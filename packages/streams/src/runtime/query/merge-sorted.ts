/** Ordered sequences as one; of equal items, those of an earlier sequence come first. */
export function* mergeSorted<T>(
  sequences: readonly Iterable<T>[],
  compare: (a: T, b: T) => number,
): Generator<T, void, undefined> {
  if (sequences.length === 1) {
    yield* sequences[0] as Iterable<T>;
    return;
  }
  const heads = sequences.map((sequence) => {
    const rest = sequence[Symbol.iterator]();
    return { rest, next: rest.next() };
  });
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads)
      if (
        head.next.done !== true &&
        (first === undefined || first.next.done === true || compare(head.next.value, first.next.value) < 0)
      )
        first = head;
    if (first === undefined || first.next.done === true) return;
    const { value } = first.next;
    first.next = first.rest.next();
    yield value;
  }
}
