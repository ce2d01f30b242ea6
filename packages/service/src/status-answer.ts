import type { AppState } from "@millrace/streams";
import { unready } from "./readiness.ts";
import { topicAndPartition } from "./topic-and-partition.ts";
import type { ServedApplication, Service } from "./service.ts";

/** A task that this process has been given. */
export interface TaskStatus {
  /** `<sub-topology>_<partition>` */
  readonly id: string;
  readonly subTopology: number;
  readonly partition: number;
  /** `restoring`: it does not process yet, or not again. */
  readonly state: "active" | "restoring";
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
  readonly state: AppState;
  /** As `/readyz` has it: true where it waits for nothing. */
  readonly ready: boolean;
  /** What it waits for, in sentences for people; empty when it is ready. */
  readonly waitsFor: readonly string[];
  /** What ended it, in state `error`. */
  readonly failure: { readonly message: string; readonly code: string } | null;
  readonly tasks: readonly TaskStatus[];
  readonly lag: readonly PartitionLag[];
}

/** What `/status` answers, as JSON; no applications while the service starts. */
export interface StatusAnswer {
  /** Wall clock of the process, ms since the epoch. */
  readonly at: number;
  readonly version: string;
  readonly applications: readonly ApplicationStatus[];
}

/** How the applications of a service are. */
export const statusAnswer = (service: Service | undefined, version: string): StatusAnswer => ({
  at: Date.now(),
  version,
  applications: (service?.applications ?? []).map(statusOf),
});

const statusOf = (application: ServedApplication): ApplicationStatus => {
  const { app } = application;
  const waitsFor = unready(application);
  return {
    application: app.applicationId,
    state: app.state,
    ready: waitsFor.length === 0,
    waitsFor,
    failure: app.failure === undefined ? null : { message: app.failure.message, code: codeOf(app.failure) },
    tasks: [
      ...app.tasks.active.map((id) => taskStatus(id, "active")),
      ...app.tasks.restoring.map((id) => taskStatus(id, "restoring")),
    ],
    lag: [...app.lag].map(([name, records]) => ({ ...topicAndPartition(name), records })),
  };
};

const taskStatus = (id: string, state: TaskStatus["state"]): TaskStatus => {
  const [subTopology = 0, partition = 0] = id.split("_").map(Number);
  return { id, subTopology, partition, state };
};

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
