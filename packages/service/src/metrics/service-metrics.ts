import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { ServedApplication } from "../service.ts";
import type { Sample } from "./sample.ts";
import { sampledApplications } from "./sampled-applications.ts";
import { sampledMetric } from "./sampled-metrics.ts";

export interface ServiceMetricsOptions {
  /** `application` of what the process has but once: its memory, its event loop. */
  readonly process: string;
  readonly version: string;
  /** Those that run at the moment it is asked for. */
  readonly applications: () => readonly ServedApplication[];
}

/**
 * The metrics of a service, for Prometheus: of each application (`millrace_...`: those that `app.metrics` collects, and
 * its service's own), of the process and of Node (prom-client's defaults), and which build it is. All have the label
 * `application`.
 */
export class ServiceMetrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #applications: () => readonly ServedApplication[];
  /** What was read for the text that is being made. */
  #read: ReadonlyMap<string, readonly Sample[]> = new Map();

  constructor({ process: name, version, applications }: ServiceMetricsOptions) {
    this.#applications = applications;
    this.contentType = this.#registry.contentType;
    collectDefaultMetrics({ register: this.#registry, labels: { application: name } });
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
    const all = sampledApplications(this.#applications());
    this.#read = new Map(all.map(({ name, samples }) => [name, samples]));
    // What there is shows when the applications run, not before.
    for (const sampled of all)
      if (this.#registry.getSingleMetric(sampled.name) === undefined)
        this.#registry.registerMetric(sampledMetric(sampled, () => this.#read.get(sampled.name) ?? []));
    return this.#registry.metrics();
  }
}
