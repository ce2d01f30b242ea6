import { hostname } from "node:os";
import type { App, AppState, Metric, MetricPoint } from "@millrace/streams";
import { unready } from "./readiness.ts";
import { topicAndPartition } from "./topic-and-partition.ts";
import type { ServedApplication, Service } from "./service.ts";

/** A task that this process has been given, or of which it keeps a standby. */
export interface TaskStatus {
  /** `<sub-topology>_<partition>` */
  readonly id: string;
  readonly subTopology: number;
  readonly partition: number;
  /** `restoring`: it does not process yet, or not again. `standby`: another process has it, this one keeps its state. */
  readonly state: "active" | "restoring" | "standby";
  /** Records between its positions and the ends of what it reads; null where it reads nothing here. */
  readonly behind: number | null;
  /** Records of its changelogs that its stores lack, at most; 0 where they lack nothing. */
  readonly stateLag: number;
}

/** A store that is being brought up to date before its task processes. */
export interface RestoreStatus {
  readonly task: string;
  readonly store: string;
  /** Records that were read, and those that are left, at most. */
  readonly restored: number;
  readonly remaining: number;
}

/** What a store of a task holds here. */
export interface StoreStatus {
  readonly task: string;
  readonly store: string;
  /** Rows, about. */
  readonly entries: number;
}

/** How far a task is behind the end of a partition that it reads. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}

/** One application of `/status`: how it is now. */
export interface ApplicationStatus {
  readonly application: string;
  /** Where what it can't process goes. */
  readonly deadLetterTopic: string;
  readonly state: AppState;
  /** As `/readyz` has it: true where it waits for nothing. */
  readonly ready: boolean;
  /** What it waits for, in sentences for people; empty when it is ready. */
  readonly waitsFor: readonly string[];
  /** What ended it, in state `error`. */
  readonly failure: { readonly message: string; readonly code: string } | null;
  readonly tasks: readonly TaskStatus[];
  readonly lag: readonly PartitionLag[];
  readonly restores: readonly RestoreStatus[];
  /** Of the tasks that process. */
  readonly stores: readonly StoreStatus[];
}

/** Who answers. */
export interface ProcessStatus {
  readonly host: string;
  readonly pid: number;
  /** When the process began, ms since the epoch. */
  readonly startedAt: number;
  /** Its version of Node. */
  readonly node: string;
}

/** What `/status` answers, as JSON; no applications while the service starts. */
export interface StatusAnswer {
  /** Wall clock of the process, ms since the epoch. */
  readonly at: number;
  readonly version: string;
  readonly process: ProcessStatus;
  readonly applications: readonly ApplicationStatus[];
}

/** How the applications of a service are. */
export const statusAnswer = (service: Service | undefined, version: string): StatusAnswer => ({
  at: Date.now(),
  version,
  process: {
    host: hostname(),
    pid: process.pid,
    startedAt: Math.round(performance.timeOrigin),
    node: process.version,
  },
  applications: (service?.applications ?? []).map(statusOf),
});

const statusOf = (application: ServedApplication): ApplicationStatus => {
  const { app } = application;
  const waitsFor = unready(application);
  const metrics = app.metrics.collect();
  const lags = pointsOf(metrics, "lag");
  return {
    application: app.applicationId,
    deadLetterTopic: application.deadLetterTopic,
    state: app.state,
    ready: waitsFor.length === 0,
    waitsFor,
    failure: app.failure === undefined ? null : { message: app.failure.message, code: codeOf(app.failure) },
    tasks: [
      ...app.tasks.active.map((id) => taskStatus(app, lags, id, "active")),
      ...app.tasks.restoring.map((id) => taskStatus(app, lags, id, "restoring")),
      ...app.tasks.standby.map((id) => taskStatus(app, lags, id, "standby")),
    ],
    lag: [...app.lag].map(([name, records]) => ({ ...topicAndPartition(name), records })),
    restores: app.restores,
    stores: pointsOf(metrics, "store_entries").map(({ tags: { task = "", store = "" }, value }) => ({
      task,
      store,
      entries: value,
    })),
  };
};

const taskStatus = (
  app: App,
  lags: readonly NumberPoint[],
  id: string,
  state: TaskStatus["state"],
): TaskStatus => {
  const [subTopology = 0, partition = 0] = id.split("_").map(Number);
  const own = lags.filter(({ tags }) => tags.task === id);
  return {
    id,
    subTopology,
    partition,
    state,
    behind: own.length === 0 ? null : sum(own.map(({ value }) => value)),
    stateLag:
      app.standbyLag.get(id) ??
      sum(app.restores.filter(({ task }) => task === id).map(({ remaining }) => remaining)),
  };
};

interface NumberPoint {
  readonly tags: MetricPoint["tags"];
  readonly value: number;
}

const pointsOf = (metrics: readonly Metric[], name: string): readonly NumberPoint[] =>
  metrics
    .filter((metric) => metric.name === name)
    .flatMap(({ points }) =>
      points.flatMap(({ tags, value }) => (typeof value === "number" ? [{ tags, value }] : [])),
    );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
