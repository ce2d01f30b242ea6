import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { runMany } from "./run-many.ts";
import { runSchedule } from "./run-schedule.ts";
import { workloads } from "./workloads.ts";

/** Of the time that the schedules may take, ms. */
const budgetMs = 100_000;

test("a seed replays: the same trace, byte by byte", { timeout: 4 * budgetMs }, async () => {
  for (const workload of workloads)
    for (const seed of [3, 1_004]) {
      const [first, second] = [
        await runSchedule({ seed, workload, traced: true }),
        await runSchedule({ seed, workload, traced: true }),
      ];
      expect(first.trace.lines.length).toBeGreaterThan(50);
      expect(second.trace.hash, `${workload.name}, seed ${seed}`).toBe(first.trace.hash);
    }
});

test("writing a trace changes nothing", { timeout: 4 * budgetMs }, async () => {
  for (const workload of workloads) {
    const { caughtUpAfterMs } = await runSchedule({ seed: 5, workload });
    expect((await runSchedule({ seed: 5, workload, traced: true })).caughtUpAfterMs).toBe(caughtUpAfterMs);
  }
});

const { MILLRACE_SCHEDULES = "2000" } = process.env;
const wanted = Number(MILLRACE_SCHEDULES);
/** Of processor time, ms: a schedule costs a third of that on the machine that this was written on. */
const mostCpuMs = 100;

test(
  "whatever happens, each record counts once and all are caught up",
  { timeout: 4 * budgetMs },
  async () => {
    const began = performance.now();
    const { ran, failures, cpuMs } = await runMany({
      first: 1,
      count: wanted,
      withinMs: budgetMs,
      mostFailures: 3,
    });
    const tookMs = performance.now() - began;
    expect(
      failures,
      failures.map(({ seed }) => `npm run simulate -- --schedules 1 --first ${seed}`).join("\n"),
    ).toEqual([]);
    if (ran < wanted)
      console.error(
        `TOO FEW SCHEDULES: ${ran} of ${wanted} within ${budgetMs / 1_000} s, for its processes had ` +
          `${(cpuMs / tookMs).toFixed(2)} of ${availableParallelism()} processors. Run them on a machine that has time: ` +
          "npm run simulate -- --schedules 2000",
      );
    // A machine that is busy or small may not come to all of them; schedules that have become slow are no excuse.
    expect(ran).toBeGreaterThanOrEqual(Math.min(wanted, Math.floor(cpuMs / mostCpuMs)));
  },
);
