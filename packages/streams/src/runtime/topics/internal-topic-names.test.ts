import { expect, test } from "vitest";
import { internalTopicKind } from "./internal-topic-names.ts";

test.each([
  ["app-counts-changelog", "changelog"],
  ["app-KSTREAM-AGGREGATE-STATE-STORE-0000000003-changelog", "changelog"],
  ["app-by-value-repartition", "repartition"],
  ["app-orders-subscription-registration-topic", "repartition"],
  ["app-orders-subscription-response-topic", "repartition"],
  ["app-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000007-topic", "repartition"],
  ["app-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000015-topic", "repartition"],
  ["app-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-15-topic", undefined],
  ["app-changelogs", undefined],
  ["app.dead-letter", undefined],
  ["app2-counts-changelog", undefined],
  ["counts-changelog", undefined],
] as const)("%s is, for the application app, a topic for %s", (name, kind) => {
  expect(internalTopicKind("app", name)).toBe(kind);
});
