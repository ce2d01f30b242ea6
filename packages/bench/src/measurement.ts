/** What one engine did in one run, from its first record to its last. */
export interface Measurement {
  readonly recordsPerSecond: number;
  /** CPU time of the whole process, all threads, µs. */
  readonly cpuMicrosPerRecord: number;
  /** Greatest resident set of the process over its whole life. */
  readonly peakRssBytes: number;
}

/** What an engine is told to do. */
export interface Job {
  readonly brokers: string;
  readonly registryUrl: string;
  readonly applicationId: string;
  readonly input: string;
  readonly output: string;
  readonly records: number;
  readonly guarantee: "exactly_once" | "at_least_once";
}
