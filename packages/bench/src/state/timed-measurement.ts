import type { Measurement } from "../measurement.ts";

/** A measurement whose time tells more than its rate. */
export interface TimedMeasurement extends Measurement {
  readonly seconds: number;
}

/** `cpu` as `process.cpuUsage` has it, of the time that it was measured for. */
export const timedMeasurement = (
  records: number,
  seconds: number,
  { user, system }: NodeJS.CpuUsage,
): TimedMeasurement => ({
  recordsPerSecond: Math.round(records / seconds),
  cpuMicrosPerRecord: Number(((user + system) / records).toFixed(3)),
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  seconds: Number(seconds.toFixed(3)),
});
