import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { ServedApplication } from "../service.ts";
import { appMetrics, type Sample } from "./app-metrics.ts";
import { commitDurationText } from "./commit-duration-text.ts";

export interface ServiceMetricsOptions {
  /** `application` of what the process has but once: its memory, its event loop. */
  readonly process: string;
  readonly version: string;
  /** Those that run at the moment it is asked for. */
  readonly applications: () => readonly ServedApplication[];
}

/**
 * The metrics of a service, for Prometheus: of each application (`millrace_...`), of the process and of Node
 * (prom-client's defaults), and which build it is. All have the label `application`.
 */
export class ServiceMetrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #applications: () => readonly ServedApplication[];

  constructor({ process: name, version, applications }: ServiceMetricsOptions) {
    this.#applications = applications;
    this.contentType = this.#registry.contentType;
    collectDefaultMetrics({ register: this.#registry, labels: { application: name } });
    for (const { type, name: metric, help, labels, samples } of appMetrics)
      this.#add(type, metric, help, labels, (application) => samples(application));
    const build = new Gauge({
      name: "millrace_build_info",
      help: "1, labelled with the version of the service and of Node",
      labelNames: ["application", "version", "node"],
      registers: [this.#registry],
    });
    build.set({ application: name, version, node: process.version }, 1);
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    this.#addCounters();
    return (await this.#registry.metrics()) + commitDurationText(this.#applications());
  }

  /** The services' own counters are known when the applications run, not before. */
  #addCounters(): void {
    const names = new Set(this.#applications().flatMap(({ counters }) => counters.map(({ name }) => name)));
    for (const name of names) {
      if (this.#registry.getSingleMetric(`millrace_${name}`) !== undefined) continue;
      const found = this.#applications().flatMap(({ counters }) =>
        counters.filter((one) => one.name === name),
      );
      const labels = new Set(found.flatMap(({ values }) => values.flatMap(([own]) => Object.keys(own))));
      this.#add("counter", name, found[0]?.help ?? name, [...labels], ({ counters }) =>
        counters.filter((one) => one.name === name).flatMap(({ values }) => values),
      );
    }
  }

  #add(
    type: "counter" | "gauge",
    name: string,
    help: string,
    labels: readonly string[],
    samples: (application: ServedApplication) => Iterable<Sample>,
  ): void {
    const applications = this.#applications;
    const settings = {
      name: `millrace_${name}`,
      help,
      labelNames: ["application", ...labels],
      registers: [],
    };
    const each = (take: (labels: Record<string, string>, value: number) => void): void => {
      for (const application of applications())
        for (const [own, value] of samples(application))
          take({ application: application.app.applicationId, ...own }, value);
    };
    const metric =
      type === "gauge"
        ? new Gauge({
            ...settings,
            collect() {
              this.reset();
              each((own, value) => this.set(own, value));
            },
          })
        : new Counter({
            ...settings,
            collect() {
              this.reset();
              each((own, value) => this.inc(own, value));
            },
          });
    this.#registry.registerMetric(metric);
  }
}
