import type { StateBackend } from "@millrace/streams";
import { partitions } from "../bench-topics.ts";
import { stateApp, until } from "./state-app.ts";
import type { MemberTasks, StateJob } from "./state-job.ts";
import { timedMeasurement } from "./timed-measurement.ts";

/** A member that has had its half for this long waits for the other's, ms. */
const quietMs = 1_000;

/**
 * One of two members: tells which tasks it has, whenever that changes, and, once it has taken the other's over, how long
 * that took from when it had noticed that the group changes.
 */
export const measureTakeOver = async (job: StateJob, state: StateBackend | undefined): Promise<void> => {
  const app = stateApp(job, state);
  let changedAt = 0;
  let noticedAt: number | undefined;
  let cpuBefore = process.cpuUsage();
  let shared = false;
  let told = "";
  app.onState((now) => {
    changedAt = performance.now();
    if (now !== "rebalancing" || noticedAt !== undefined) return;
    noticedAt = changedAt;
    cpuBefore = process.cpuUsage();
  });
  await app.start();
  await until(app, () => {
    if (app.state !== "running") return false;
    const { active, standby } = app.tasks;
    let lag = 0;
    for (const records of app.standbyLag.values()) lag += records;
    const tasks: MemberTasks = { active: active.length, standby: standby.length, lag };
    const line = JSON.stringify(tasks);
    if (line !== told) process.stdout.write(`${line}\n`);
    told = line;
    if (active.length === partitions) return shared;
    shared = active.length > 0;
    if (shared && performance.now() - changedAt > quietMs) noticedAt = undefined;
    return false;
  });
  const seconds = (performance.now() - (noticedAt ?? changedAt)) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  process.stdout.write(`${JSON.stringify(timedMeasurement(job.records, seconds, cpu))}\n`);
  await app.stop();
};
