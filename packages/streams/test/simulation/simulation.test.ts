import { expect, test } from "vitest";
import { runSchedule } from "./run-schedule.ts";
import { workloads as all } from "./workloads.ts";

/** Those that hold on the runtime as it is. */
const workloads = all.filter(({ name }) => name === "windowed-count" || name === "async-calls");

/** Of the time that the schedules may take, ms. */
const budgetMs = 60_000;

test("a seed replays: the same trace, byte by byte", async () => {
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

test("writing a trace changes nothing", async () => {
  for (const workload of workloads) {
    const { caughtUpAfterMs } = await runSchedule({ seed: 5, workload });
    expect((await runSchedule({ seed: 5, workload, traced: true })).caughtUpAfterMs).toBe(caughtUpAfterMs);
  }
});

const { MILLRACE_SCHEDULES = "60" } = process.env;

for (const [at, workload] of workloads.entries())
  test(
    `whatever happens, each record counts once and all are caught up: ${workload.name}`,
    { timeout: 4 * budgetMs },
    async () => {
      const until = performance.now() + budgetMs / workloads.length;
      const schedules = Number(MILLRACE_SCHEDULES) / workloads.length;
      let ran = 0;
      for (let seed = at + 1; ran < schedules && performance.now() < until; seed += workloads.length, ran++) {
        const { problems } = await runSchedule({ seed, workload });
        expect(
          problems,
          `seed ${seed}; what happened: npm run simulate -- --schedules 1 --first ${seed} --workload ${workload.name}`,
        ).toEqual([]);
      }
      expect(ran).toBeGreaterThan(20);
    },
  );
