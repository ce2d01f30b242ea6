import type { ServedApplication } from "../service.ts";
import { prometheusName } from "./prometheus-name.ts";
import type { Sample, Sampled } from "./sample.ts";

/** Everything that is told of the applications of a process, each read once. */
export const sampledApplications = (applications: readonly ServedApplication[]): readonly Sampled[] => {
  const all = new Map<string, { readonly sampled: Omit<Sampled, "samples">; readonly samples: Sample[] }>();
  const add = (sampled: Omit<Sampled, "samples">, samples: readonly Sample[]): void => {
    const known = all.get(sampled.name) ?? { sampled, samples: [] };
    known.samples.push(...samples);
    all.set(sampled.name, known);
  };
  for (const application of applications) {
    const own = { application: application.app.applicationId };
    for (const { description, points, ...metric } of application.app.metrics.collect())
      add(
        { name: prometheusName(metric), help: description, kind: metric.kind },
        points.map(({ tags, value }) => ({ labels: { ...own, ...tags }, value })),
      );
    const dead = all.get("millrace_dead_lettered_records_total");
    // From 0, so that the first of each can be alerted on.
    for (const reason of application.deadLetterReasons)
      if (
        !dead?.samples.some(
          ({ labels }) => labels["application"] === own.application && labels["reason"] === reason,
        )
      )
        dead?.samples.push({ labels: { ...own, reason }, value: 0 });
    for (const { name, help, kind, values } of application.metrics)
      add(
        { name: `millrace_${name}`, help, kind },
        values.map(([labels, value]) => ({ labels: { ...own, ...labels }, value })),
      );
  }
  return [...all.values()].map(({ sampled, samples }) => ({ ...sampled, samples }));
};
