import { expect, test } from "vitest";
import { runMany } from "./run-many.ts";

const worker = new URL("dying-worker.ts", import.meta.url);

test.for([1, 2, 3, 50])("runs each seed once in %i processes, also when they die", async (jobs) => {
  const { ran, failures, cpuMs } = await runMany({ first: 1, count: 10, jobs, worker });
  expect(ran).toBe(10);
  expect(cpuMs).toBe(8);
  expect(failures.map(({ seed }) => seed)).toEqual([4, 8]);
  expect(failures[0]?.problems).toEqual(["the process died: SIGKILL"]);
});

test("ends after the first failure, where one is enough", async () => {
  const { ran, failures } = await runMany({ first: 4, count: 10, jobs: 1, mostFailures: 1, worker });
  expect([ran, failures.length]).toEqual([1, 1]);
});

test("says so when no schedule can begin", async () => {
  const nowhere = new URL("nowhere.ts", import.meta.url);
  await expect(runMany({ first: 1, count: 1, worker: nowhere })).rejects.toThrow("no schedule could begin");
});
