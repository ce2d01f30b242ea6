import type { AppState } from "../settings/app-state.ts";

/** A store of a task as it is now. */
export interface ObservedStore {
  readonly name: string;
  approximateEntries(): number;
  readonly dirtyBytes: number;
}

/** A task of this process as it is now. */
export interface ObservedTask {
  readonly taskId: string;
  readonly queues: Iterable<{ readonly topic: string; readonly partition: number; readonly lag: number }>;
  readonly stores: Iterable<ObservedStore>;
  /** Asynchronous calls under way. */
  readonly pendingAsync: number;
}

/** A changelog that is being read into the store of a task. */
export interface ObservedRestore {
  readonly taskId: string;
  readonly store: string;
  /** Records that have been read, gaps counted. */
  readonly restored: number;
  /** Records still to be read, at most. */
  readonly remaining: number;
}

/** A changelog that a standby follows. */
export interface ObservedFollow {
  readonly taskId: string;
  readonly store: string;
  /** Records that it lacks, as far as is known. */
  readonly lag: number;
}

/** The application as it is now: what gauges read. */
export interface Observed {
  readonly state: AppState;
  /** Ids of the tasks of this process, by what they do. */
  readonly taskIds: Readonly<Record<"active" | "restoring" | "standby", readonly string[]>>;
  readonly tasks: Iterable<ObservedTask>;
  readonly restores: Iterable<ObservedRestore>;
  /** The changelogs that standbys follow. */
  readonly followed: Iterable<ObservedFollow>;
  /** Bytes of records, changelogs and stores that wait for the next commit. */
  readonly uncommittedBytes: number;
}

/** Before it runs there is nothing to see. */
export const nothingObserved: Observed = {
  state: "created",
  taskIds: { active: [], restoring: [], standby: [] },
  tasks: [],
  restores: [],
  followed: [],
  uncommittedBytes: 0,
};
