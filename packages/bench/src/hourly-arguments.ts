import { bookingEventFile, hourlyTotalFile } from "./hourly-topics.ts";
import type { HourlyJob } from "./hourly-job.ts";

/** What the programs in other languages are told of a job, in this order. */
export const hourlyArguments = (job: HourlyJob, stateFolder: string): readonly string[] => [
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
