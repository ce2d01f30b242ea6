import type { Expectation } from "./workload.ts";

const listed = (values: readonly string[]): string =>
  values.length <= 12 ? values.join(" ") : `${values.slice(0, 12).join(" ")} ... (${values.length})`;

/** How many more of each value there are in `these` than in `those`. */
const excess = (these: readonly string[], those: readonly string[]): readonly string[] => {
  const left = new Map<string, number>();
  for (const value of those) left.set(value, (left.get(value) ?? 0) + 1);
  return these.filter((value) => {
    const count = left.get(value) ?? 0;
    left.set(value, count - 1);
    return count <= 0;
  });
};

const missingAndExtra = (
  missing: readonly string[],
  extra: readonly string[],
  actual: readonly string[],
): string =>
  [
    ...(missing.length > 0 ? [`missing ${listed(missing)}`] : []),
    ...(extra.length > 0 ? [`extra ${listed(extra)}`] : []),
    `of ${listed(actual) || "nothing"}`,
  ].join(", ");

/** What differs in one key; undefined where nothing does. `possible`: what may come besides. */
const differenceOf = (
  how: Expectation["how"],
  actual: readonly string[],
  expected: readonly string[],
  possible: readonly string[],
): string | undefined => {
  if (how === "once" || how === "covers") {
    const missing = expected.filter((value) => !actual.includes(value));
    const extra =
      how === "once"
        ? excess(actual, [...new Set(possible)])
        : actual.filter((value) => !possible.includes(value));
    return missing.length + extra.length === 0 ? undefined : missingAndExtra(missing, extra, actual);
  }
  if (how === "reaches")
    return Number(actual.at(-1)) >= Number(expected[0])
      ? undefined
      : `ends with ${actual.at(-1) ?? "nothing"}, expected ${expected[0] ?? "nothing"} or more`;
  if (how === "sum") {
    const sum = actual.reduce((total, value) => total + Number(value), 0);
    return sum === Number(expected[0])
      ? undefined
      : `adds up to ${sum}, expected ${expected[0] ?? "nothing"}`;
  }
  if (how === "all" || how === "set") {
    if (actual.length === expected.length && actual.every((value, at) => value === expected[at]))
      return undefined;
    const missing = excess(expected, actual);
    const extra = excess(actual, expected);
    if (missing.length === 0 && extra.length === 0)
      return how === "set" ? undefined : `in the wrong order: ${listed(actual)}`;
    return missingAndExtra(missing, extra, actual);
  }
  const last = actual.at(-1);
  if (last !== expected[0])
    return `ends with ${last ?? "nothing"}, expected ${expected[0] ?? "nothing"}: ${listed(actual)}`;
  if (how === "rising") {
    const at = actual.findIndex((value, index) => index > 0 && Number(value) <= Number(actual[index - 1]));
    if (at >= 0) return `does not rise at the ${at + 1}th: ${listed(actual)}`;
  }
  return undefined;
};

/** What differs between an output and what it should be, a line for each key. `possible`: what may come besides. */
export const differences = (
  where: string,
  how: Expectation["how"],
  actual: ReadonlyMap<string, readonly string[]>,
  expected: ReadonlyMap<string, readonly string[]>,
  possible: ReadonlyMap<string, readonly string[]> = expected,
): readonly string[] => {
  const lines: string[] = [];
  for (const [key, values] of possible) {
    const difference = differenceOf(how, actual.get(key) ?? [], expected.get(key) ?? [], values);
    if (difference !== undefined) lines.push(`${where} ${key}: ${difference}`);
  }
  for (const [key, values] of actual)
    if (!possible.has(key)) lines.push(`${where} ${key}: unexpected ${listed(values)}`);
  return lines;
};
