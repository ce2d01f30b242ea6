import type { ServedApplication } from "../service.ts";

const name = "millrace_commit_duration_seconds";

/**
 * How long commits took, as a histogram in Prometheus' text format. The runtime counts the buckets, and a histogram of
 * prom-client takes single observations only, so it is written here.
 */
export const commitDurationText = (applications: readonly ServedApplication[]): string =>
  [
    `# HELP ${name} How long commits took`,
    `# TYPE ${name} histogram`,
    ...applications.flatMap(lines),
    "",
  ].join("\n");

const lines = ({ app: { applicationId, metrics } }: ServedApplication): readonly string[] => {
  const { boundsMs, counts, count, sumMs } = metrics.commitDurations;
  const application = `application="${applicationId}"`;
  let below = 0;
  const bucket = (end: number | string, value: number): string =>
    `${name}_bucket{${application},le="${end}"} ${value}`;
  return [
    ...boundsMs.map((bound, index) => {
      below += counts[index] ?? 0;
      return bucket(bound / 1000, below);
    }),
    bucket("+Inf", count),
    `${name}_sum{${application}} ${sumMs / 1000}`,
    `${name}_count{${application}} ${count}`,
  ];
};
