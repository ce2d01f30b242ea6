import { expect, test } from "vitest";
import { runMany } from "./run-many.ts";
import { runSchedule } from "./run-schedule.ts";
import { workloads } from "./workloads.ts";

/** Of the time that the schedules may take, ms. */
const budgetMs = 60_000;

test("a seed replays: the same trace, byte by byte", { timeout: budgetMs }, async () => {
  for (const workload of workloads)
    for (const seed of [3, 1_004]) {
      const [first, second] = [
        await runSchedule({ seed, workload, traced: true }),
        await runSchedule({ seed, workload, traced: true }),
      ];
      expect(first.trace.lines.length).toBeGreaterThan(100);
      expect(second.trace.hash, `${workload.name}, seed ${seed}`).toBe(first.trace.hash);
    }
});

test("writing a trace changes nothing", { timeout: budgetMs }, async () => {
  for (const workload of workloads) {
    const { caughtUpAfterMs } = await runSchedule({ seed: 5, workload });
    expect((await runSchedule({ seed: 5, workload, traced: true })).caughtUpAfterMs).toBe(caughtUpAfterMs);
  }
});

const { MILLRACE_SCHEDULES = "2100" } = process.env;

test(
  "whatever happens, each record counts once and all are caught up",
  { timeout: 4 * budgetMs },
  async () => {
    const { ran, failures } = await runMany({
      first: 1,
      count: Number(MILLRACE_SCHEDULES),
      withinMs: budgetMs,
      mostFailures: 3,
    });
    expect(
      failures,
      failures.map(({ seed }) => `npm run simulate -- --schedules 1 --first ${seed}`).join("\n"),
    ).toEqual([]);
    expect(ran).toBeGreaterThan(20);
  },
);
