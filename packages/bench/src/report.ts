import type { Measurement } from "./measurement.ts";
import { say } from "./say.ts";

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;

const times = (a: number, b: number): string => (a / b).toFixed(2);

/** The engines' measurements, one line each. */
const table = (results: ReadonlyMap<string, Measurement>): string =>
  [...results]
    .map(
      ([engine, { recordsPerSecond, cpuMicrosPerRecord, peakRssBytes }]) =>
        `${engine.padEnd(10)}${String(recordsPerSecond).padStart(9)} records/s` +
        `${cpuMicrosPerRecord.toFixed(2).padStart(8)} µs CPU each${megabytes(peakRssBytes).padStart(9)} at most\n`,
    )
    .join("");

/** Millrace over the JVM; empty where one of them did not run. */
const ratios = (results: ReadonlyMap<string, Measurement>): string => {
  const ours = results.get("millrace");
  const theirs = results.get("jvm");
  if (ours === undefined || theirs === undefined) return "";
  return (
    `Millrace / JVM: ${times(ours.recordsPerSecond, theirs.recordsPerSecond)} × records per second, ` +
    `${times(ours.cpuMicrosPerRecord, theirs.cpuMicrosPerRecord)} × CPU per record, ` +
    `${times(ours.peakRssBytes, theirs.peakRssBytes)} × memory`
  );
};

/** Prints what the engines did with a workload, as a table or, for programs, as a JSON object a line. */
export const report = (workload: string, results: ReadonlyMap<string, Measurement>, json: boolean): void => {
  if (json)
    for (const [engine, measurement] of results)
      process.stdout.write(`${JSON.stringify({ workload, engine, ...measurement })}\n`);
  else process.stdout.write(`\n${workload}\n${table(results)}`);
  say(ratios(results));
};
