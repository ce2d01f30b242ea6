import type { HistogramValue } from "@millrace/streams";

/** A value of a metric, and all of its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | HistogramValue;
}

/** The samples of one metric, of all applications of a process. */
export interface Sampled {
  /** As in Prometheus. */
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}
