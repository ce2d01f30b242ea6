import type { AppOptions } from "../../src/index.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { oneOf } from "./input.ts";

/** While states are built, it is asked again after this time whether tasks can move, ms. */
export const probingRebalanceIntervalMs = 2_500;

/** Where the tasks of a schedule go: from a chance of its own, so that what else happens to a seed does not depend on it. */
export const placement = (seed: number): Partial<AppOptions> => {
  const random = seededRandom(seed * 7 + 3);
  return {
    standbyReplicas: oneOf(random, [0, 1, 1, 2]),
    acceptableRecoveryLag: oneOf(random, [0, 5, 10_000]),
    maxWarmupReplicas: oneOf(random, [1, 2]),
    probingRebalanceIntervalMs,
  };
};
