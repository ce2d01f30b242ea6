import type { Metric, MetricDescription, MetricPoint, MetricTag } from "./metric.ts";
import type { MetricSource } from "./metric-source.ts";

/** A metric, and how its points are read. */
export interface MetricDefinition extends MetricDescription {
  readonly points: (source: MetricSource) => readonly MetricPoint[];
}

/** Its values as of now. */
export const readMetric = ({ points, ...description }: MetricDefinition, source: MetricSource): Metric => ({
  ...description,
  points: points(source),
});

/** What several points with the same tags have together, in the order of the first of each. */
export const summed = (
  points: Iterable<readonly [tags: Readonly<Partial<Record<MetricTag, string>>>, value: number]>,
): readonly MetricPoint[] => {
  const sums = new Map<string, { tags: MetricPoint["tags"]; value: number }>();
  for (const [tags, value] of points) {
    const name = JSON.stringify(tags);
    const known = sums.get(name);
    if (known === undefined) sums.set(name, { tags, value });
    else known.value += value;
  }
  return [...sums.values()];
};
