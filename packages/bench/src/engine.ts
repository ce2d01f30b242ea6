import type { Measurement } from "./measurement.ts";

/** Runs a job in a process of its own, until what it is waited for is there. */
export type Engine<Job> = (job: Job, until: (signal: AbortSignal) => Promise<void>) => Promise<Measurement>;
