import { differences } from "./differences.ts";
import type { ExpectedSurge } from "./expected-surge.ts";
import { textOf } from "./places.ts";

/** Where the database is not as expected, a line each. */
export const surgeDifferences = (found: ExpectedSurge, expected: ExpectedSurge): readonly string[] => [
  ...differences(found.params, expected.params, (one) => `params of ${textOf(one.surgeConfigId)}`),
  ...differences(
    found.drafts,
    expected.drafts,
    (one) => `draft of ${textOf(one.surgeConfigId)} from ${one.effectiveFrom.toISOString()}`,
  ),
  ...differences(
    found.history,
    expected.history,
    (one) =>
      `history of ${typeof one.subLocationId} ${textOf(one.subLocationId)} at ${one.timestamp.toISOString()}`,
  ),
];
