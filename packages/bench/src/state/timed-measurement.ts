import { type Measurement, measurementOf } from "../measurement.ts";

/** A measurement whose time tells more than its rate. */
export interface TimedMeasurement extends Measurement {
  readonly seconds: number;
}

/** Of this process so far; `cpu` as `process.cpuUsage` has it, of the time that it was measured for. */
export const timedMeasurement = (
  records: number,
  seconds: number,
  cpu: NodeJS.CpuUsage,
): TimedMeasurement => ({
  ...measurementOf(records, seconds, cpu),
  seconds: Number(seconds.toFixed(3)),
});
