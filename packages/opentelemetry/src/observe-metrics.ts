import type { BatchObservableResult, Meter, Observable } from "@opentelemetry/api";
import type { App, HistogramValue, Metric } from "@millrace/streams";
import { type Instruments, instrumentsOf } from "./instruments.ts";

/**
 * Tells a meter all that `app.metrics` collects, whenever it asks: each metric as `millrace.<name>`, those in records and
 * bytes as `millrace.<name>.<unit>`, with the metric's tags and `application` as attributes. Answers a function that ends
 * it. Nothing is added to what a record costs. OpenTelemetry has no histogram that is observed: what a histogram has
 * counted is told as the counters `.count`, `.sum` and `.bucket`, whose attribute `le` is the bucket's upper end, as
 * Prometheus has it.
 */
export const observeMetrics = (app: Pick<App, "applicationId" | "metrics">, meter: Meter): (() => void) => {
  // Which metrics there are stays as it is.
  const instruments = new Map(
    app.metrics.collect().map((metric) => [keyOf(metric), instrumentsOf(meter, metric)]),
  );
  const all = [...instruments.values()].flatMap((own): Observable[] => Object.values({ ...own }));
  const observe = (result: BatchObservableResult): void => {
    for (const metric of app.metrics.collect()) {
      const own = instruments.get(keyOf(metric));
      if (own === undefined) continue;
      for (const { tags, value } of metric.points) {
        const attributes = { application: app.applicationId, ...tags };
        if (typeof value !== "number") observeHistogram(result, own, attributes, value);
        else if (own.value !== undefined) result.observe(own.value, value, attributes);
      }
    }
  };
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
};

const keyOf = ({ name, unit }: Pick<Metric, "name" | "unit">): string => `${name}/${unit ?? ""}`;

const observeHistogram = (
  result: BatchObservableResult,
  { count, sum, bucket }: Instruments,
  attributes: Readonly<Record<string, string>>,
  value: HistogramValue,
): void => {
  if (count === undefined || sum === undefined || bucket === undefined) return;
  result.observe(count, value.count, attributes);
  result.observe(sum, value.sum, attributes);
  let below = 0;
  for (const [at, bound] of value.bounds.entries()) {
    below += value.counts[at] ?? 0;
    result.observe(bucket, below, { ...attributes, le: String(bound) });
  }
};
