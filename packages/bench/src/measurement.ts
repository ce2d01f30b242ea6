/** What one engine did in one run, from its first record to its last. */
export interface Measurement {
  readonly recordsPerSecond: number;
  /** CPU time of the whole process, all threads, µs. */
  readonly cpuMicrosPerRecord: number;
  /** Greatest resident set of the process over its whole life. */
  readonly peakRssBytes: number;
}

/** Of this process so far; `cpu` as `process.cpuUsage` has it, of the seconds that it was measured for. */
export const measurementOf = (
  records: number,
  seconds: number,
  { user, system }: NodeJS.CpuUsage,
): Measurement => ({
  recordsPerSecond: Math.round(records / seconds),
  cpuMicrosPerRecord: Number(((user + system) / records).toFixed(3)),
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
});
