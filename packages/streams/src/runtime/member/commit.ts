import type { CommitResult } from "../../transport/commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import { encodeOffsetMetadata } from "../topics/offset-metadata.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import type { Task } from "../task/task.ts";

// A commit, of a member for all of its tasks that were touched. A crash between any two steps leaves before 5 nothing
// visible; after 5 a store that is behind its changelog, and catches up by the tail.
//
// 1. Take no new records (`mayProcess` in member-state.ts), or only behind this position (`ReadAhead`); wait for the
//    asynchronous ones up to it.
// 2. Flush: forward each dirty row once, downstream and to its changelog. That may start asynchronous work, whose
//    results may make other stores dirty: until nothing is dirty or in flight.

/** Steps 1 and 2, as far as `until` (ms of the monotonic clock) allows; true when all tasks have come to their end. */
export const settle = (tasks: Iterable<Task>, until: number): boolean => {
  let settled = true;
  for (const task of tasks) if (!task.settle(until)) settled = false;
  return settled;
};

/** A commit on its way. */
export interface SealedCommit {
  readonly id: number;
  readonly tasks: readonly Task[];
  readonly offsets: readonly OffsetToCommit[];
  /** Steps 3 to 5, on the wire. */
  readonly done: Promise<CommitResult>;
}

/**
 * Begins steps 3 to 5. Undefined where there is nothing to commit. What the tasks sent and where their sources stand is
 * sealed here, in one turn; from now on they compute into the next transaction.
 */
export const seal = (
  id: number,
  working: Iterable<Task>,
  producer: RecordProducer,
  membership: GroupMembership,
): SealedCommit | undefined => {
  const tasks = [...working].filter((task) => task.touched);
  if (tasks.length === 0) return undefined;
  const offsets = tasks.flatMap((task) => offsetsOf(task, id));
  // 3. Produce sinks, repartition topics and changelogs. 4. Add the source offsets. 5. End the transaction.
  const done = producer.commit(membership, offsets);
  return { id, tasks, offsets, done };
};

/** 6. Every store takes its sealed rows and the position of its changelog. 7, resuming, is the loop's next turn. */
export const complete = (
  { id, tasks, offsets }: SealedCommit,
  { endOffsets }: CommitResult,
  applicationId: string,
): void => {
  // A table whose source is its changelog holds what of it was committed.
  const sources = new Map(
    offsets.map(({ topic, partition, offset }) => [topicPartitionName(topic, partition), offset]),
  );
  for (const task of tasks)
    task.committed(id, (store) => {
      const name = topicPartitionName(changelogTopic(applicationId, store), task.partition);
      return (hasOwnChangelog(store) ? endOffsets : sources).get(name);
    });
};

const offsetsOf = (task: Task, id: number): readonly OffsetToCommit[] => {
  const { positions, numbers } = task.seal(id);
  const metadata = encodeOffsetMetadata(
    positions.map(({ partitionTime }) => partitionTime),
    numbers.named,
  );
  return task.queues.map(({ topic, partition, leaderEpoch }, at) => ({
    topic,
    partition,
    offset: positions[at]?.offset ?? 0,
    leaderEpoch,
    metadata: metadata[at] ?? "",
  }));
};
