import { expect, test } from "vitest";
import { parseResetTarget } from "./reset-target.ts";

test.each([undefined, "", "yesterday", "2026-03-02T10:00:00", "2026-02-30", "2026-02-30T10:00:00Z", "5"])(
  "does not take %j for a time",
  (text) => {
    expect(() => parseResetTarget(text)).toThrow(/--to is .*; it must be earliest, latest, or a time/);
  },
);

test("takes times with their zones", () => {
  expect(parseResetTarget("2026-03-02T10:00:00+01:00")).toBe(Date.parse("2026-03-02T09:00:00Z"));
});
