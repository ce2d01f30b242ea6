import type { Measurement } from "./measurement.ts";

/** The run in the middle, by records per second. */
export const median = (runs: readonly Measurement[]): Measurement => {
  const middle = runs.toSorted((a, b) => a.recordsPerSecond - b.recordsPerSecond)[runs.length >> 1];
  if (middle === undefined) throw new Error("there was no run");
  return middle;
};
