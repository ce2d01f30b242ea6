import type { ByteStore } from "./byte-store.ts";

/** A store of a task, as it is to be found again. */
export interface KeptStore {
  readonly name: string;
  /** Kind and layout: a store that was kept in another way is not used. */
  readonly kind: string;
  /** Id of its changelog topic; undefined where it has none. State of another topic is not used. */
  readonly changelogTopicId: string | undefined;
}

/** A task whose state is to be opened. */
export interface KeptTask {
  /** `<identity of the sub-topology>_<partition>`, or any other name that stays what it is over versions. */
  readonly id: string;
  readonly stores: readonly KeptStore[];
}

/** The state of one task while it is here. */
export interface TaskState {
  /** The bytes of one of its stores: what was there, or nothing with the position -1. */
  store(name: string): ByteStore;
  /** Bytes that were given to `write` and would not outlive the process yet: hold the next commit while they are many. */
  readonly pendingBytes: number;
  /** Resolves when everything written so far would outlive the process; rejects with what could not be written. */
  settled(): Promise<void>;
  /** Waits for what is under way, and leaves the state for others. */
  close(): Promise<void>;
}

/**
 * Where an application keeps its state beside the changelogs (Kafka Streams' `state.dir`). What is written to the stores
 * of one task in one turn is one transaction.
 */
export interface StateBackend {
  /**
   * Opens the state of a task. State of other stores, another changelog topic, or that can't be read is thrown away, and
   * the log says so. Throws a MillraceError STATE_LOCKED when another process owns the directory.
   */
  openTask(task: KeptTask): Promise<TaskState>;
  /** Whether there is state of that task here, whatever it is worth. */
  holds(id: string): boolean;
  /** Deletes the state of tasks that have not been open for so long, ms; answers their ids. */
  cleanUp(olderThanMs: number): Promise<readonly string[]>;
  /** Gives the directory up. All tasks must be closed. */
  close(): Promise<void>;
}
