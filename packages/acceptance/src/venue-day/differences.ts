import { comparable } from "./comparable.ts";

/** What is missing, superfluous or different, a line each; `keyOf` names what belongs together. */
export const differences = <T extends object>(
  actual: readonly T[],
  expected: readonly T[],
  keyOf: (one: T) => string,
): readonly string[] => {
  const found = Map.groupBy(actual, keyOf);
  const wanted = new Map(expected.map((one) => [keyOf(one), comparable(one)]));
  const lines: string[] = [];
  for (const [key, ones] of found) {
    const [first, ...more] = ones.map(comparable);
    const want = wanted.get(key);
    if (more.length > 0) lines.push(`${key}: there are ${ones.length}`);
    if (want === undefined) lines.push(`${key}: there is ${first}, and nothing is expected`);
    else if (first !== want) lines.push(`${key}: there is ${first}, expected is ${want}`);
  }
  for (const [key, want] of wanted)
    if (!found.has(key)) lines.push(`${key}: there is nothing, expected is ${want}`);
  return lines;
};
