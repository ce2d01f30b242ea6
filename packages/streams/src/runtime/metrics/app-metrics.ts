import type { Clock } from "../../clock.ts";
import type { Topology } from "../../topology.ts";
import { metricDefinitions } from "./metric-definitions.ts";
import { Histogram } from "./histogram.ts";
import { readMetric } from "./metric-definition.ts";
import type { Metric } from "./metric.ts";
import type { MetricSource, RequestTimes } from "./metric-source.ts";
import type { Metrics } from "./metrics.ts";
import { nothingObserved, type Observed } from "./observed.ts";
import { type DroppedReason, TaskMetrics } from "./task-metrics.ts";

/** Commits and requests longer than 2^16 ms are all the same. */
const buckets = 17;

/**
 * The metrics of one application in one process. Whoever counts does it in plain fields, of this or of the metrics of a
 * task; whoever collects pays for the rest.
 */
export class AppMetrics implements Metrics, MetricSource {
  readonly topology: Topology;
  readonly applicationId: string;
  /** What gauges read. */
  observed: Observed = nothingObserved;
  rebalances = 0;
  troubles = 0;
  stalls = 0;
  stalledMs = 0;
  offsetsOutOfRange = 0;
  lastCommitAt: number | undefined;
  readonly commitDurations: Histogram = new Histogram(buckets);
  readonly turnDelays: Histogram = new Histogram(buckets);
  readonly #clock: Pick<Clock, "now">;
  readonly #tasks = new Map<string, TaskMetrics>();
  readonly #requests = new Map<string, RequestTimes>();

  constructor(topology: Topology, clock: Pick<Clock, "now">, applicationId: string) {
    this.topology = topology;
    this.applicationId = applicationId;
    this.#clock = clock;
  }

  /** What that task has counted, in all of its lives in this process. */
  task(taskId: string): TaskMetrics {
    let task = this.#tasks.get(taskId);
    if (task === undefined) {
      task = new TaskMetrics(taskId);
      this.#tasks.set(taskId, task);
    }
    return task;
  }

  /** What the global tables have counted. */
  get globals(): TaskMetrics {
    return this.task("global");
  }

  /** Takes how long requests of that kind took, ms. */
  requestTimes(client: string, request: string): (ms: number) => void {
    const name = `${client}/${request}`;
    const known = this.#requests.get(name) ?? { client, request, times: new Histogram(buckets) };
    this.#requests.set(name, known);
    return (ms) => known.times.add(ms);
  }

  /** A commit is durable: it took so long, ms, and it is now. */
  committed(tookMs: number): void {
    this.commitDurations.add(tookMs);
    this.lastCommitAt = this.#clock.now();
  }

  collect(): readonly Metric[] {
    return metricDefinitions.map((definition) => readMetric(definition, this));
  }

  get now(): number {
    return this.#clock.now();
  }

  get tasks(): Iterable<TaskMetrics> {
    return this.#tasks.values();
  }

  get requests(): Iterable<RequestTimes> {
    return this.#requests.values();
  }

  get processed(): number {
    return this.#sum(({ consumed }) => consumed.records);
  }

  get sent(): number {
    return this.#sum(({ produced }) => produced.records);
  }

  get changelogged(): number {
    return this.#sum(({ changelogged }) => changelogged.records);
  }

  get restored(): number {
    return this.#sum(({ restored }) => restored.records);
  }

  get standbyRestored(): number {
    return this.#sum(({ updated }) => updated.records);
  }

  get late(): number {
    return this.#sum(({ late }) => late);
  }

  get nullKeys(): number {
    return this.#dropped("nullKey");
  }

  get nullRepartitionKeys(): number {
    return this.#dropped("nullRepartitionKey");
  }

  get negativeTimestamps(): number {
    return this.#dropped("negativeTimestamp");
  }

  get noPartition(): number {
    return this.#dropped("noPartition");
  }

  get skipped(): number {
    return this.#dropped("handler");
  }

  get deadLettered(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const { deadLettered } of this.#tasks.values())
      for (const [code, count] of deadLettered) all.set(code, (all.get(code) ?? 0) + count);
    return all;
  }

  get commits(): number {
    return this.commitDurations.count;
  }

  #dropped(reason: DroppedReason): number {
    return this.#sum(({ dropped }) => dropped[reason]);
  }

  #sum(count: (task: TaskMetrics) => number): number {
    let sum = 0;
    for (const task of this.#tasks.values()) sum += count(task);
    return sum;
  }
}
