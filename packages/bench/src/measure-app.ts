import { once } from "node:events";
import { createApp, type Guarantee, kafka, type StateBackend, type Topology } from "@millrace/streams";
import type { Measurement } from "./measurement.ts";

/** What of a job is the same for every workload. */
interface MeasuredJob {
  readonly brokers: string;
  readonly guarantee: Guarantee;
  readonly records: number;
}

/**
 * Runs a topology in this process, which is the engine's alone so that its CPU and memory are too, and prints what it
 * measured as its last line of output: from the first call of `onRecord` until it is given a line of input. `state`: where
 * that is kept; in memory by default.
 */
export const measureApp = async (
  { brokers, guarantee, records }: MeasuredJob,
  topologyOf: (onRecord: () => void) => Topology,
  state?: StateBackend,
): Promise<void> => {
  let started = false;
  let startedAt = 0;
  let cpuBefore = process.cpuUsage();
  const onRecord = (): void => {
    if (started) return;
    started = true;
    startedAt = performance.now();
    cpuBefore = process.cpuUsage();
  };
  const app = createApp(topologyOf(onRecord), {
    transport: kafka({ brokers: brokers.split(",") }),
    guarantee,
    ...(state !== undefined && { state }),
    log: (level, message) => {
      if (level === "warn" || level === "error") process.stderr.write(`${level}: ${message}\n`);
    },
  });
  await app.start();
  await Promise.race([once(process.stdin, "data"), app.done()]);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.stdin.destroy();
  await app.stop();
  const measurement: Measurement = {
    recordsPerSecond: Math.round(records / seconds),
    cpuMicrosPerRecord: Number(((user + system) / records).toFixed(3)),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
};
