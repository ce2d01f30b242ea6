import { expect, test } from "vitest";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { LossSummary } from "./loss-summary.ts";

/** Losses that are set by hand. */
const newLosses = () => ({
  late: 0,
  skipped: 0,
  nullKeys: 0,
  negativeTimestamps: 0,
  deadLettered: new Map<string, number>(),
});

test("sums up once a minute what was lost since, and is silent about nothing", async () => {
  const clock = new VirtualClock();
  const metrics = newLosses();
  const lines: unknown[] = [];
  const summary = new LossSummary(metrics, (...line) => void lines.push(line), clock);
  summary.start();
  metrics.late = 2;
  metrics.deadLettered.set("TRUNCATED", 1);
  await clock.runFor(59_000);
  expect(lines).toEqual([]);
  await clock.runFor(1_000);
  expect(lines.splice(0)).toEqual([
    [
      "warn",
      "in the last 60 s: 2 late records, 1 dead letters (TRUNCATED 1)",
      { late: 2, deadLettered: { TRUNCATED: 1 }, seconds: 60 },
    ],
  ]);
  metrics.late = 5;
  metrics.skipped = 1;
  metrics.nullKeys = 4;
  metrics.negativeTimestamps = 1;
  metrics.deadLettered.set("TRUNCATED", 3).set("KEY_MISMATCH", 1);
  await clock.runFor(180_000);
  expect(lines.splice(0)).toEqual([
    [
      "warn",
      "in the last 60 s: 3 late records, 1 records left out by a handler, 4 records left out for a null key, " +
        "1 records left out for a negative timestamp, 3 dead letters (TRUNCATED 2, KEY_MISMATCH 1)",
      {
        late: 3,
        skipped: 1,
        nullKeys: 4,
        negativeTimestamps: 1,
        deadLettered: { TRUNCATED: 2, KEY_MISMATCH: 1 },
        seconds: 60,
      },
    ],
  ]);
  metrics.late = 6;
  await clock.runFor(10_000);
  summary.close();
  expect(lines.splice(0)).toEqual([["warn", "in the last 10 s: 1 late records", { late: 1, seconds: 10 }]]);
  metrics.late = 7;
  await clock.runFor(120_000);
  expect(lines).toEqual([]);
});
