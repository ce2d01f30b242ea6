import type { StateStore } from "../../state/state-store.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { SourceReading } from "../topics/source-reading.ts";
import type { TaskOutput } from "./task-output.ts";
import type { Task } from "./task.ts";

/** A store of a task, and the partition that it is restored from. */
export interface TaskChangelog extends TopicPartition {
  readonly store: StateStore;
  /** How the topic is read, where it is a source that serves as the changelog. */
  readonly source: SourceReading | undefined;
}

/**
 * A task with the output that it sends through, and what it is made ready from. Before it is opened, and after it was
 * released, it is no more than its stores: a standby.
 */
export interface PreparedTask {
  readonly task: Task;
  readonly output: TaskOutput;
  /** Those of its stores that have changelogs. */
  readonly stores: readonly TaskChangelog[];
}
