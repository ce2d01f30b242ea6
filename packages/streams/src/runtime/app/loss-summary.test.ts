import { expect, test } from "vitest";
import { LossSummary } from "./loss-summary.ts";

test("sums up what was lost since it last told, and is silent about nothing", () => {
  const metrics = { late: 2, skipped: 0, deadLettered: new Map([["TRUNCATED", 1]]) };
  const lines: unknown[] = [];
  let now = 0;
  const summary = new LossSummary(
    metrics,
    (...line) => void lines.push(line),
    () => now,
  );
  now = 60_000;
  summary.tell();
  metrics.late = 5;
  metrics.skipped = 1;
  metrics.deadLettered.set("TRUNCATED", 3).set("KEY_MISMATCH", 1);
  now = 120_000;
  summary.tell();
  now = 180_000;
  summary.tell();
  expect(lines).toEqual([
    [
      "warn",
      "in the last 60 s: 2 late records, 1 dead letters (TRUNCATED 1)",
      { late: 2, skipped: 0, deadLettered: { TRUNCATED: 1 }, seconds: 60 },
    ],
    [
      "warn",
      "in the last 60 s: 3 late records, 1 records left out by a handler, 3 dead letters (TRUNCATED 2, KEY_MISMATCH 1)",
      { late: 3, skipped: 1, deadLettered: { TRUNCATED: 2, KEY_MISMATCH: 1 }, seconds: 60 },
    ],
  ]);
});
