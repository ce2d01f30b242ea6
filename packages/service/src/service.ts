import type { App, HistogramValue, MetricKind } from "@millrace/streams";

/** What a service tells of itself beside the runtime's metrics. */
export interface ServiceMetric {
  /** As in Prometheus, without the prefix: `duplicate_records_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  /** By labels, beside `application`, which each has. Known in advance they are there with 0. */
  readonly values: readonly (readonly [
    labels: Readonly<Record<string, string>>,
    value: number | HistogramValue,
  ])[];
}

/** Something that an application decided, and of what: for people who ask why. */
export interface ServiceDecision {
  /** Greater than that of any decision before it, in this process. */
  readonly sequence: number;
  /** What it is about: a later decision on the same takes its place. */
  readonly about: string;
  /** When, ms since the epoch. */
  readonly at: number;
  /** One line. */
  readonly message: string;
  /** Plain data. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An application that runs in this process, and what an operator wants to know of it. */
export interface ServedApplication {
  readonly app: App;
  /** Beside those that `app.metrics` collects. */
  readonly metrics: readonly ServiceMetric[];
  /** Why it can't work at the moment, beside its own state: a database that fails, say. */
  readonly troubles: readonly string[];
  /** Codes that its dead letters can have, as far as known: their counters begin at 0. */
  readonly deadLetterReasons: readonly string[];
  /** Where those go. */
  readonly deadLetterTopic: string;
  /** What it decided, where somebody may want to know why: none by default. */
  readonly decisions: readonly ServiceDecision[];
}

/** One or more applications in this process, started and stopped together. */
export interface Service {
  readonly applications: readonly ServedApplication[];
  /** Commits and closes everything, as `App.stop`. Calling it again waits for the same. */
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
  /** Resolves when it has stopped; rejects with what ended it. */
  done(): Promise<void>;
}
