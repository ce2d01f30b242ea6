import type { StateBackend } from "@millrace/streams";
import { partitions } from "../bench-topics.ts";
import { stateApp, until } from "./state-app.ts";
import type { StateJob } from "./state-job.ts";
import { timedMeasurement } from "./timed-measurement.ts";

/** Reads the state back from its changelog, and prints what that took, from the first restore's begin to the last one's end. */
export const measureRestore = async (job: StateJob, state: StateBackend | undefined): Promise<void> => {
  let seconds = 0;
  const app = stateApp(job, state, (_level, _message, fields) => {
    if (fields?.["remaining"] === 0) seconds += Number(fields["tookMs"]) / 1_000;
  });
  await app.start();
  const cpuBefore = process.cpuUsage();
  await until(app, () => app.tasks.active.length === partitions);
  const cpu = process.cpuUsage(cpuBefore);
  const { restored } = app.metrics;
  if (restored === 0) throw new Error("there was nothing to restore");
  process.stdout.write(`${JSON.stringify(timedMeasurement(restored, seconds, cpu))}\n`);
  await app.stop();
};
