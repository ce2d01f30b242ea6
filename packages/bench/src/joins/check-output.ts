import type { JoinsJob } from "./joins-job.ts";
import type { OutputDigest } from "./output-digest.ts";

/** Throws unless a run's output is what another run's was, and sessions count every record. */
export const checkOutput = (
  engine: string,
  { workload, output, records }: JoinsJob,
  found: OutputDigest,
  before: OutputDigest | undefined,
): void => {
  if (found.results === 0) throw new Error(`${engine} made no results in "${output}"`);
  if (workload === "sessions" && found.counted !== records)
    throw new Error(
      `the sessions of ${engine} in "${output}" make ${found.counted} records, and ${records} were sent`,
    );
  if (before === undefined) return;
  if (found.results !== before.results || found.checksum !== before.checksum)
    throw new Error(
      `${engine} made ${found.results} results in "${output}" (checksum ${found.checksum}), and the run before ` +
        `${before.results} (checksum ${before.checksum})`,
    );
};
