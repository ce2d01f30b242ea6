import { Counter, Gauge, Histogram, type Metric } from "prom-client";
import type { HistogramValue } from "@millrace/streams";
import type { Sample, Sampled } from "./sample.ts";

/** What was read last of a metric. */
type Read = () => readonly Sample[];

/**
 * A metric of prom-client whose values somebody else has counted, and whose labels show when they are read: prom-client's
 * own count for themselves, and histograms take single observations only.
 */
export const sampledMetric = ({ name, help, kind }: Omit<Sampled, "samples">, read: Read): Metric => {
  if (kind === "counter") return new SampledCounter(name, help, read);
  return kind === "gauge" ? new SampledGauge(name, help, read) : new SampledHistogram(name, help, read);
};

class SampledCounter extends Counter {
  readonly #read: Read;

  constructor(name: string, help: string, read: Read) {
    super({ name, help, registers: [] });
    this.#read = read;
  }

  override async get(): ReturnType<Counter["get"]> {
    return { ...(await super.get()), values: numbers(this.#read()) };
  }
}

class SampledGauge extends Gauge {
  readonly #read: Read;

  constructor(name: string, help: string, read: Read) {
    super({ name, help, registers: [] });
    this.#read = read;
  }

  override async get(): ReturnType<Gauge["get"]> {
    return { ...(await super.get()), values: numbers(this.#read()) };
  }
}

type HistogramValues = Awaited<ReturnType<Histogram["get"]>>;

class SampledHistogram extends Histogram {
  readonly #name: string;
  readonly #read: Read;
  /** Answers all but the values: `get` of this class would ask `getForPromString` for them. */
  readonly #empty: Histogram;

  constructor(name: string, help: string, read: Read) {
    super({ name, help, registers: [] });
    this.#name = name;
    this.#empty = new Histogram({ name, help, registers: [] });
    this.#read = read;
  }

  override async get(): Promise<HistogramValues> {
    return { ...(await this.#empty.get()), values: this.#read().flatMap((sample) => this.#lines(sample)) };
  }

  /** What prom-client's registry asks a histogram for, to write it as text. */
  getForPromString(): Promise<HistogramValues> {
    return this.get();
  }

  #lines({ labels, value }: Sample): HistogramValues["values"] {
    if (typeof value === "number") return [];
    const name = this.#name;
    return [
      ...buckets(value).map(([le, below]) => ({
        metricName: `${name}_bucket`,
        labels: { ...labels, le },
        value: below,
      })),
      { metricName: `${name}_sum`, labels, value: value.sum },
      { metricName: `${name}_count`, labels, value: value.count },
    ];
  }
}

const numbers = (samples: readonly Sample[]): { labels: Readonly<Record<string, string>>; value: number }[] =>
  samples.flatMap(({ labels, value }) => (typeof value === "number" ? [{ labels, value }] : []));

/** Of Prometheus each bucket holds those before it, too. */
const buckets = ({ bounds, counts, count }: HistogramValue): readonly (readonly [string, number])[] => {
  let below = 0;
  return [
    ...bounds.map((bound, at) => {
      below += counts[at] ?? 0;
      return [String(bound), below] as const;
    }),
    ["+Inf", count],
  ];
};
