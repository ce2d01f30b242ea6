import { expect, test } from "vitest";
import { newSurgeCounters } from "./surge-counters.ts";
import { defaultSurgeParams } from "./surge-params.ts";

test("a quantile of multipliers is never beyond the usual bounds: buckets end there", () => {
  const { minMultiplier, maxMultiplier } = defaultSurgeParams;
  const { bounds } = newSurgeCounters().multipliers.value;
  expect(bounds).toEqual(expect.arrayContaining([minMultiplier, maxMultiplier]));
});
