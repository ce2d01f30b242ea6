import type { PrometheusSample } from "./prometheus-text.ts";

/** Sums of samples, by what is told of each. */
export const sums = (
  samples: readonly PrometheusSample[],
  keyOf: (labels: Readonly<Record<string, string>>) => string,
): Readonly<Record<string, number>> => {
  const all: Record<string, number> = {};
  for (const { labels, value } of samples) {
    const key = keyOf(labels);
    all[key] = (all[key] ?? 0) + value;
  }
  return all;
};

/** The sum of all of them. */
export const total = (samples: readonly PrometheusSample[]): number =>
  samples.reduce((sum, { value }) => sum + value, 0);
