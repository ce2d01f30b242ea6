import { expect, test } from "vitest";
import { string, versionedStore } from "../../index.ts";
import { erasedStore } from "../../state/store-definition.ts";
import { changelogSpec } from "./internal-topic-specs.ts";

const lagOf = (historyRetention: number): string | undefined =>
  changelogSpec(
    "app",
    erasedStore(versionedStore("v", { key: string(), value: string(), historyRetention })),
    1,
  ).configs["min.compaction.lag.ms"];

test("a changelog keeps versions from being compacted for as long as they are history, which may have no end", () => {
  expect(lagOf(5)).toBe("86400005");
  expect(lagOf(Number.POSITIVE_INFINITY)).toBe("9223372036854775807");
});
