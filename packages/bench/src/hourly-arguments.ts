import { bookingEventFile, hourlyTotalFile } from "./hourly-topics.ts";
import type { Job } from "./measurement.ts";

/** What the programs in other languages are told of a job, in this order. */
export const hourlyArguments = (job: Job, stateFolder: string): readonly string[] => [
  job.brokers,
  job.input,
  job.output,
  job.applicationId,
  String(job.records),
  job.guarantee,
  stateFolder,
  bookingEventFile,
  hourlyTotalFile,
];
