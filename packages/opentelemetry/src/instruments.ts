import type { Meter, ObservableCounter, ObservableGauge } from "@opentelemetry/api";
import type { MetricDescription } from "@millrace/streams";

/** Through what a metric is told: one instrument for a number, three for a histogram. */
export interface Instruments {
  readonly value?: ObservableCounter | ObservableGauge;
  readonly count?: ObservableCounter;
  readonly sum?: ObservableCounter;
  readonly bucket?: ObservableCounter;
}

/** As UCUM has them. */
const units = { seconds: "s", bytes: "By", records: "{record}" } as const;

/** The instruments of a metric. */
export const instrumentsOf = (
  meter: Meter,
  { name, kind, unit, description }: MetricDescription,
): Instruments => {
  // Where there is one in records and one in bytes their names differ.
  const own = unit === "records" || unit === "bytes" ? `millrace.${name}.${unit}` : `millrace.${name}`;
  const options = { description, unit: unit === undefined ? "1" : units[unit] };
  if (kind === "gauge") return { value: meter.createObservableGauge(own, options) };
  if (kind === "counter") return { value: meter.createObservableCounter(own, options) };
  return {
    count: meter.createObservableCounter(`${own}.count`, { description, unit: "1" }),
    sum: meter.createObservableCounter(`${own}.sum`, options),
    bucket: meter.createObservableCounter(`${own}.bucket`, { description, unit: "1" }),
  };
};
